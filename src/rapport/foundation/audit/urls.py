from django.urls import path

from rapport.foundation.audit import views

app_name = "audit"
urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/losses/<uid:uid>/", views.loss, name="loss"),
]
