from django.urls import path

from .views import ask, board, officer, public, records, rulebook, school, start

app_name = "assignments"
urlpatterns = [
    path("", board.home, name="home"),
    path("start/", start.start, name="start"),
    path("board/", board.board, name="board"),
    path("program/", public.program, name="public"),
    path("rules/", rulebook.rules, name="rules"),
    path("ask/", ask.ask, name="ask"),
    path("assignments/new/", records.begin, name="begin"),
    path("officers/<uid:uid>/", officer.officer, name="officer"),
    path("schools/", school.schools, name="schools"),
    path("schools/<uid:uid>/", school.school, name="school"),
]
