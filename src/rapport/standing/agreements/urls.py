from django.urls import path

from rapport.standing.agreements import views

app_name = "agreements"
urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/new/", views.new, name="new"),
    path("agreements/<uid:uid>/", views.agreement, name="agreement"),
    path("agreements/<uid:uid>/clauses/", views.clauses, name="clauses"),
]
