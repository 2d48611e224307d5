"""What accounts, customers and their cards say when nothing was said."""

from __future__ import annotations

from typing import Any

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
PERSON = {"address": NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}

SHAPES: dict[str, dict[str, Any]] = {
    "account": {
        "business_profile": {"name": "Payments sandbox", "support_email": None, "support_phone": None, "url": None},
        "business_type": None,
        "capabilities": {},
        "charges_enabled": True,
        "country": "IE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": "sandbox@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "dashboard": {"display_name": "Payments sandbox", "timezone": "Etc/UTC"},
            "card_payments": {
                "decline_on": {"avs_failure": False, "cvc_failure": False},
                "statement_descriptor_prefix": None,
                "statement_descriptor_prefix_kana": None,
                "statement_descriptor_prefix_kanji": None,
            },
            "payments": {
                "statement_descriptor": None,
                "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None,
            },
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        },
        "type": "standard",
    },
    "customer": {
        "address": None,
        "balance": 0,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": "SANDBOX",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    },
    "payment_method": {
        "allow_redisplay": "unspecified",
        "billing_details": PERSON,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    },
    "billing_portal.session": {
        "configuration": "bpc_1Sandbox00000000000000001",
        "customer": "",
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": None,
        "on_behalf_of": None,
        "return_url": None,
        "url": "",
    },
}
