DROP TABLE {schema}.events_seatrowmark;
DROP TABLE {schema}.events_seatrow;
