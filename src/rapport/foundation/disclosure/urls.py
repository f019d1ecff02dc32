from django.urls import path

from rapport.foundation.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("disclosures/", views.index, name="index"),
    path("disclosures/new/<slug:word>/<uuid:uid>/", views.new, name="new"),
    path("disclosures/<uuid:uid>/", views.disclosure, name="disclosure"),
    path("disclosures/<uuid:uid>/end/", views.end, name="end"),
]
