from django.urls import path

from rapport.foundation.kinds import views

app_name = "kinds"
urlpatterns = [
    path("facts/<slug:kind>/new/<uuid:uid>/", views.new, name="new"),
    path("facts/<slug:kind>/<uuid:uid>/correct/", views.correct, name="correct"),
    path("facts/<slug:kind>/<uuid:uid>/end/", views.end, name="end"),
    path("facts/<slug:kind>/<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
]
