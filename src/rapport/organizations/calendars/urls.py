from django.urls import path

from rapport.organizations.calendars import views

app_name = "calendars"
urlpatterns = [
    path("districts/<uuid:uid>/calendar/", views.calendar, name="calendar"),
    path("districts/<uuid:uid>/calendar/new/", views.new, name="new"),
]
