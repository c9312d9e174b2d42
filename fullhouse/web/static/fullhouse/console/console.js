// The console's manners: live figures while somebody looks, countdowns, a preview that goes stale.
import { startLive } from "./live.js";
import { startCountdowns } from "./countdown.js";
import { startForms } from "./forms.js";
import { startPicker } from "./picker.js";

startLive();
startCountdowns();
startForms();
startPicker();
