"""The web pages as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people; they read through the models and write through the services."""

    name = "fullhouse.web"
    label = "fullhouse_web"
