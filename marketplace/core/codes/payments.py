"""Codes of prices, orders, licences and seats."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR

TABLE: tuple[Code, ...] = (
    Code("MP6001", ERROR, _("%(name)s is paid."), _("Sign in with an account that has a licence, or buy one.")),
    Code("MP6002", ERROR, _("%(name)s is paid, and this account has no licence for it."), _("Buy one on its page.")),
    Code(
        "MP6003",
        ERROR,
        _("Every seat of the licence for %(name)s is taken."),
        _("Ask whoever looks after your organization's licences for one."),
    ),
    Code(
        "MP6004",
        ERROR,
        _("The licence for %(name)s is suspended, because a payment failed."),
        _("Pay the open invoice; the licence opens at once."),
    ),
    Code(
        "MP6005",
        ERROR,
        _("The licence for %(name)s is suspended while its payment is disputed."),
        _("It opens again when the dispute is decided for the seller."),
    ),
    Code("MP6006", ERROR, _("The licence for %(name)s has ended."), _("Buy a new one on its page.")),
    Code(
        "MP6007", ERROR, _("The licence for %(name)s was revoked, because the payment was given back."), _("Buy again.")
    ),
    Code("MP6010", ERROR, _("Prices cannot be in %(currency)s."), _("Choose one of %(known)s.")),
    Code("MP6011", ERROR, _("A price is %(least)s at least and %(most)s at most."), _("Change the amount.")),
    Code("MP6012", ERROR, _("A trial lasts %(most)s days at most."), _("Choose fewer days, or none.")),
    Code("MP6013", ERROR, _("What is paid once has no trial."), _("Leave the trial out, or sell by month or year.")),
    Code("MP6014", ERROR, _("“%(text)s” is no amount of %(currency)s."), _("Write it like 12.50.")),
    Code(
        "MP6015",
        ERROR,
        _("%(name)s has such a price already."),
        _("Stop it first; whoever bought at that price keeps it."),
    ),
    Code("MP6016", ERROR, _("Only who manages or bills for %(name)s sets its prices."), _("Ask one of its owners.")),
    Code("MP6017", ERROR, _("A package has %(most)s prices at most."), _("Stop one that is not needed.")),
    Code("MP6018", ERROR, _("A private package has no price."), _("Make it public first.")),
    Code("MP6019", ERROR, _("There is no such price."), _("Open the package's page for the prices in force.")),
    Code("MP6020", ERROR, _("This price was stopped."), _("Open the package's page for the prices in force.")),
    Code("MP6021", ERROR, _("An order is for 1 to %(most)s seats."), _("Change the number.")),
    Code(
        "MP6022",
        ERROR,
        _("Only an owner or a billing member buys for %(organization)s."),
        _("Ask one of them, or buy for yourself."),
    ),
    Code("MP6023", ERROR, _("There is a licence for %(name)s already."), _("Change its seats on the licence's page.")),
    Code("MP6024", ERROR, _("A token cannot buy or change licences without the scope “manage”."), _("Use another.")),
    Code("MP6025", ERROR, _("There is no such order."), _("Open your licences for what you bought.")),
    Code("MP6030", ERROR, _("The payment service does not answer."), _("Nothing was charged; try again in a minute.")),
    Code("MP6031", ERROR, _("The payment service refused: %(reason)s"), _("Nothing was charged.")),
    Code(
        "MP6032", ERROR, _("The card was declined: %(reason)s"), _("Nothing was changed; use another card in Billing.")
    ),
    Code("MP6040", ERROR, _("There is no such licence."), _("Open your licences for what you hold.")),
    Code("MP6041", ERROR, _("Only an owner or a billing member changes this licence."), _("Ask one of them.")),
    Code("MP6042", ERROR, _("Every seat that was paid for is taken."), _("Take one back, or buy more.")),
    Code("MP6043", ERROR, _("%(person)s is not a member of the organization."), _("Add them to it first.")),
    Code("MP6044", ERROR, _("%(person)s has a seat already."), ""),
    Code("MP6045", ERROR, _("There is no such seat."), _("Somebody may have taken it back.")),
    Code("MP6046", ERROR, _("This licence has no seats to give."), _("Everybody it belongs to may use it.")),
    Code(
        "MP6047",
        ERROR,
        _("%(taken)s seats are taken, so there cannot be %(seats)s."),
        _("Take some back first."),
    ),
    Code("MP6048", ERROR, _("The seats of this licence cannot be changed now."), _("It is not in force.")),
    Code("MP6049", ERROR, _("This licence does not renew, so there is nothing to end."), ""),
    Code("MP6050", ERROR, _("The time for a refund is over."), _("Write to the seller.")),
    Code("MP6051", ERROR, _("There is no such payment."), ""),
    Code("MP6052", ERROR, _("Say why: the reason is written down."), _("One sentence is enough.")),
    Code("MP6053", ERROR, _("At most %(most)s can be given back of this payment."), _("Change the amount.")),
    Code("MP6060", ERROR, _("A promotion takes 1 to 100 percent off."), _("Change the number.")),
    Code("MP6061", ERROR, _("The code “%(code)s” is in use."), _("Choose another.")),
    Code("MP6062", ERROR, _("A code has 3 to 32 letters, digits and hyphens."), _("Choose another.")),
    Code("MP6070", ERROR, _("The signature of this webhook is wrong or too old."), _("Check STRIPE_WEBHOOK_SECRET.")),
    Code("MP6071", ERROR, _("A webhook is %(most)s bytes at most."), ""),
    Code("MP6072", ERROR, _("This is not an event."), ""),
    Code(
        "MP6073",
        ERROR,
        _("This database belongs to the account %(expected)s, and the key to %(found)s."),
        _("Use the key of the account that the orders were made with."),
    ),
)
