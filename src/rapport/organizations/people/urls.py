from django.urls import path

from rapport.organizations.people.views import changes, merges, persons

app_name = "people"
urlpatterns = [
    path("people/", persons.people, name="people"),
    path("people/new/", changes.new, name="new"),
    path("people/<uid:uid>/", persons.person, name="person"),
    path("people/<uid:uid>/correct/", changes.correct, name="correct"),
    path("people/<uid:uid>/close/", changes.close, name="close"),
    path("people/<uid:uid>/reopen/", changes.reopen, name="reopen"),
    path("people/<uid:uid>/join/", merges.choose, name="choose"),
    path("people/<uid:uid>/join/<uid:other>/", merges.compare, name="compare"),
    path("people/joined/<uid:uid>/part/", merges.part, name="part"),
]
