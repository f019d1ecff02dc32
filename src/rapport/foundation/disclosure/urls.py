from django.urls import path

from rapport.foundation.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("disclosures/", views.index, name="index"),
    path("disclosures/new/<slug:word>/<uid:uid>/", views.new, name="new"),
    path("disclosures/<uid:uid>/", views.disclosure, name="disclosure"),
    path("disclosures/<uid:uid>/end/", views.end, name="end"),
]
