"""Addresses of reviews, reports and cases; the pages of one package are the storefront's."""

from __future__ import annotations

from django.urls import path, re_path

from reviews.views import cases, reporting, writing, yearly

N = r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"

urlpatterns = [
    path("reviews/<uuid:id>/vote", writing.vote, name="review-vote"),
    path("reviews/<uuid:id>/reply", writing.reply, name="review-reply"),
    path("reviews/<uuid:id>/delete", writing.delete, name="review-delete"),
    path("comments/<uuid:id>/delete", writing.uncomment, name="comment-delete"),
    path("reports", reporting.reports, name="reports"),
    path("report/<slug:kind>/<uuid:id>", reporting.report_post, name="report-post"),
    path("collections/<slug:slug>/report", reporting.report_collection, name="report-collection"),
    re_path(r"^@(?P<name>[a-z0-9-]{1,39})/report$", reporting.report_publisher, name="report-publisher"),
    re_path(N + r"/report$", reporting.report_package, name="report-package"),
    re_path(
        N + r"/versions/(?P<number>[0-9A-Za-z.+-]{1,128})/report$", reporting.report_package, name="report-version"
    ),
    path("moderation/report", yearly.report, name="moderation-report"),
    path("moderation/report/<int:year>", yearly.report, name="moderation-report-year"),
    path("moderation/cases/<uuid:id>", cases.case, name="case"),
    path("moderation/cases/<uuid:id>/appeal/<uuid:decision>", cases.appeal, name="case-appeal"),
]
