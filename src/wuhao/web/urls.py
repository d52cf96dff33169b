"""Addresses of the site. Natural keys stand in them: credit codes, batch and run numbers."""

from django.urls import path

from wuhao.web.views import (
    account,
    cells,
    desk,
    evaluation,
    explain,
    intake,
    public,
    registers,
    reports,
    search,
)

app_name = "web"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("login/", account.log_in, name="login"),
    path("logout/", account.log_out, name="logout"),
    path("language/", account.language, name="language"),
    path("search/", search.search, name="search"),
    path("intake/", intake.batches, name="batches"),
    path("intake/upload/", intake.upload, name="upload"),
    path("intake/<str:no>/", intake.batch, name="batch"),
    path("intake/<str:no>/move/", intake.batch_move, name="batch-move"),
    path("intake/<str:no>/file/", intake.batch_file, name="batch-file"),
    path("cells/<str:no>/<str:sheet>/<str:ref>/", cells.cell, name="cell"),
    path("cells/<str:no>/<str:sheet>/<str:ref>/card/", cells.card, name="cell-card"),
    path("registers/", registers.home, name="registers"),
    path("registers/<slug:register>/", registers.listing, name="list"),
    path("registers/<slug:register>/export/", registers.listing_export, name="list-export"),
    path("registers/enterprise/<str:key>/history/", registers.history, name="record-history"),
    path("registers/<slug:register>/<str:key>/", registers.one, name="record"),
    path("evaluation/", evaluation.home, name="evaluation"),
    path("evaluation/compute/<int:year>/", evaluation.compute, name="compute"),
    path("evaluation/latest/<str:key>/", explain.latest, name="explain-latest"),
    path("evaluation/<str:no>/", evaluation.run, name="run"),
    path("evaluation/<str:no>/publish/", evaluation.publish, name="run-publish"),
    path("evaluation/<str:no>/results/", evaluation.results, name="results"),
    path("evaluation/<str:no>/results/export/", evaluation.results_export, name="results-export"),
    path("evaluation/<str:no>/explain/<str:key>/", explain.explain, name="explain"),
    path("evaluation/<str:no>/explain/<str:key>/lifts/", explain.lifts, name="lifts"),
    path("reports/", reports.home, name="reports"),
    path("reports/figures/", reports.figures, name="figures"),
    path("reports/figures/<slug:code>/", reports.figure, name="figure"),
    path("reports/letters/", reports.letters, name="letters"),
    path("reports/letters/<slug:ref>/", reports.letter, name="letter"),
    path("reports/letters/<slug:ref>/file/", reports.letter_file, name="letter-file"),
    path("jobs/<int:job_id>/", evaluation.job, name="job"),
    path("jobs/<int:job_id>/cancel/", evaluation.job_cancel, name="job-cancel"),
    path("public/", public.a_list, name="public"),
    path("public/<int:year>/a-list/", public.a_list, name="public-year"),
]
