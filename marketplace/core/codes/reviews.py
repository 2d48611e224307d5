"""Codes of reviews, reports and moderation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR
RELOAD = _("Load the page again; what you typed is kept.")

TABLE: tuple[Code, ...] = (
    Code(
        "MP7001",
        ERROR,
        _("Only people who have installed %(name)s can review it."),
        _("Add it to your library, or fetch it with your token; then write your review."),
    ),
    Code("MP7002", ERROR, _("Publishers do not review their own packages."), _("Reply to the reviews of others.")),
    Code("MP7003", ERROR, _("A review needs 1 to 5 stars."), _("Choose the stars.")),
    Code("MP7004", ERROR, _("A review needs a title of 3 to 120 characters."), _("Say in a few words what matters.")),
    Code("MP7005", ERROR, _("Text of at most %(most)s characters, please."), _("Make it shorter.")),
    Code("MP7006", ERROR, _("There is no such review."), _("It may have been deleted.")),
    Code("MP7007", ERROR, _("Your account is younger than %(hours)s hours."), _("Write it tomorrow.")),
    Code("MP7008", ERROR, _("You have written %(count)s of these today; that is the limit."), _("Go on tomorrow.")),
    Code("MP7009", ERROR, _("Nobody votes on their own review."), ""),
    Code("MP7010", ERROR, _("Only the publisher can reply to a review."), _("Write a comment instead.")),
    Code("MP7011", ERROR, _("There is no version %(number)s that could have fixed it."), _("Publish it first.")),
    Code("MP7020", ERROR, _("There is no such comment."), _("It may have been deleted.")),
    Code("MP7021", ERROR, _("Write something."), _("A text of at least 3 characters is needed.")),
    Code("MP7022", ERROR, _("Answers cannot be answered."), _("Answer the question itself.")),
    Code("MP7030", ERROR, _("This reason cannot be given for a %(subject)s."), _("Choose a reason from the list.")),
    Code("MP7031", ERROR, _("You have reported this already."), _("Its page says how far it is.")),
    Code("MP7032", ERROR, _("Say what you saw: a report of malware needs a few words."), _("Name file and line.")),
    Code("MP7040", ERROR, _("There is no such case."), _("Check the address.")),
    Code("MP7041", ERROR, _("A case that is %(before)s cannot become %(after)s."), RELOAD),
    Code("MP7042", ERROR, _("Somebody else has changed this case since you loaded it."), RELOAD),
    Code("MP7043", ERROR, _("The reason “%(reason)s” does not allow “%(effect)s” here."), _("Choose another pair.")),
    Code("MP7044", ERROR, _("Only moderators decide."), _("Report it instead.")),
    Code("MP7045", ERROR, _("Another moderator has to agree: %(reach)s people have this package."), ""),
    Code("MP7046", ERROR, _("A decision cannot be seconded by the one who proposed it."), _("Ask a colleague.")),
    Code(
        "MP7047", ERROR, _("A decision against somebody needs the evidence in words."), _("Say what was found where.")
    ),
    Code("MP7048", ERROR, _("This decision was undone already."), RELOAD),
    Code("MP7049", ERROR, _("This needs a senior moderator."), _("Ask one to do it.")),
    Code("MP7050", ERROR, _("Only the people concerned can appeal."), ""),
    Code("MP7051", ERROR, _("The time for an appeal ended on %(until)s."), _("Write to the site's operator.")),
    Code("MP7052", ERROR, _("You have appealed already."), _("Its page says how far it is.")),
    Code("MP7053", ERROR, _("Appeals are answered by another moderator than the one who decided."), ""),
    Code("MP7054", ERROR, _("An appeal needs a few words."), _("Say what is wrong with the decision.")),
    Code("MP7055", ERROR, _("Cases are given to moderators only."), _("Choose a moderator from the list.")),
    Code("MP7056", ERROR, _("Give the view a name of 1 to 60 characters."), _("Shorten it.")),
    Code("MP7057", ERROR, _("Choose at most %(most)s cases at once."), _("Narrow the list.")),
    Code("MP7058", ERROR, _("Nothing of this bulk decision can be taken back."), _("Look at its cases one by one.")),
)
