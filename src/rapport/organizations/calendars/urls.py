from django.urls import path

from rapport.organizations.calendars import views

app_name = "calendars"
urlpatterns = [
    path("districts/<uid:uid>/calendar/", views.calendar, name="calendar"),
    path("districts/<uid:uid>/calendar/new/", views.new, name="new"),
]
