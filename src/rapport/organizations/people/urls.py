from django.urls import path

from rapport.organizations.people.views import persons

app_name = "people"
urlpatterns = [
    path("people/", persons.people, name="people"),
    path("people/<uid:uid>/", persons.person, name="person"),
]
