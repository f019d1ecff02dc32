from django.urls import path

from rapport.organizations.places.views import agencies, claims, districts

app_name = "places"
urlpatterns = [
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.new_agency, name="new_agency"),
    path("agencies/<uid:uid>/", agencies.agency, name="agency"),
    path("districts/", districts.districts, name="districts"),
    path("districts/new/", districts.new_district, name="new_district"),
    path("districts/<uid:uid>/", districts.district, name="district"),
    path("districts/<uid:uid>/schools/new/", districts.new_school, name="new_school"),
    path("districts/<uid:uid>/move/", districts.move_school, name="move_school"),
    path("schools/claims/", claims.claims, name="claims"),
    path("schools/claims/<uid:uid>/", claims.settle, name="settle"),
]
