from django.urls import path

from rapport.organizations.emergency_access import views

app_name = "emergency_access"
urlpatterns = [
    path("emergency-access/", views.index, name="index"),
    path("emergency-access/new/", views.new, name="new"),
    path("emergency-access/<uid:uid>/", views.show, name="show"),
    path("emergency-access/<uid:uid>/end/", views.end, name="end"),
    path("emergency-access/<uid:uid>/review/", views.review, name="review"),
]
