from django.urls import path

from rapport.foundation.kinds import views

app_name = "kinds"
urlpatterns = [
    path("facts/<slug:kind>/new/<uid:uid>/", views.new, name="new"),
    path("facts/<slug:kind>/<uid:uid>/correct/", views.correct, name="correct"),
    path("facts/<slug:kind>/<uid:uid>/end/", views.end, name="end"),
    path("facts/<slug:kind>/<uid:uid>/withdraw/", views.withdraw, name="withdraw"),
]
