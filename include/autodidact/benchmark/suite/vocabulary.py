"""Vocabulary of the suite: what services, files, people and things are called where such requests come from.

No name of a real company or person. Adding a word changes what families draw: a new version of the suite.
"""

from random import Random


def _list(text: str) -> list[str]:
    return text.split()


SERVICES = _list("""
    billing checkout catalog inventory search shipping notifications identity sessions gateway recommendations pricing fraud
    ledger invoicing reviews wishlist uploads thumbnails transcoder mailer webhooks exports imports audit metrics scheduler
    reports geocoder translations moderation loyalty returns refunds subscriptions payouts orders cart profiles calendar chat
    telemetry backups quotas onboarding surveys
    """)
"""Services, by the noun a team would use."""

PROJECTS = _list("""
    Atlas Beacon Cobalt Dune Ember Fjord Granite Harbor Indigo Juniper Kestrel Lantern Meridian Nimbus Orchid Pylon Quarry Raven Sable
    Tundra Umbra Vesper Willow Xenon Yonder Zephyr Amber Birch Cedar Delta Falcon Gable
    """)
"""Code names of projects and systems, for where a service's name would give the answer away."""

STORES = _list("""
    orders_db users_db ledger_db catalog_db events_db audit_db search_index session_cache price_cache blob_store media_bucket
    export_bucket job_queue mail_queue event_bus metrics_store feature_store config_store rate_cache backup_vault
    """)

ENDPOINTS = _list("""
    /orders /users /login /search /cart /checkout /invoices /payments /refunds /profile /uploads /reports /exports /webhooks
    /health /sessions /tokens /coupons /reviews /stock /prices /shipments /addresses /messages /events /teams /roles /quotas
    /jobs /labels
    """)

FUNCTIONS = _list("""
    load_user save_order parse_date send_receipt fetch_page merge_rows apply_discount check_stock build_index read_config
    open_session close_account retry_upload format_price count_active list_members find_duplicates write_report rotate_key
    validate_email resize_image group_by_day split_batch next_page add_label drop_expired compute_tax sum_totals encode_token
    decode_header start_worker stop_worker
    """)

MODULES = _list("""
    users orders dates receipts pages rows discounts stock index config sessions accounts uploads prices members reports keys
    emails images batches labels tax totals tokens headers workers cache queue events limits
    """)

VARIABLES = _list("""
    total count index limit offset price rate amount items rows users orders lines names values scores start end size width
    height retries timeout delay budget balance weight depth level page chunk batch
    """)

VERBS = _list("""
    fetch clean join check export publish index train verify archive copy merge convert sort scan sign pack upload measure review filter
    rank score compress encrypt split render notify restore import
    """)
"""What steps and tools do."""

PEOPLE = _list("""
    Aisha Bruno Chen Dalia Emil Farah Goran Hana Ivo Jun Kavya Lena Mateo Nadia Omar Priya Quentin Rosa Sven Tala Uma Viktor
    Wanda Ximena Yara Zeno Anneke Bilal Carmen Dmitri Elif Fabian
    """)

TEAMS = _list("""
    platform payments growth search data mobile security support infrastructure web identity logistics analytics content design
    release finance partnerships compliance research messaging media tooling quality
    """)

REGIONS = _list("""
    eu-west eu-north us-east us-west ap-south ap-east sa-east ca-central me-south af-south
    """)

ENVIRONMENTS = ["development", "staging", "production"]

CITIES = _list(
    "Lisbon Porto Ghent Lyon Oslo Turku Gdansk Brno Graz Malmo Cork Leeds Bilbao Turin Patras Varna Split"
    " Riga Tartu Basel"
)

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

PRODUCTS = _list("""
    headphones keyboard backpack kettle lamp notebook tripod charger router monitor blender jacket tent bicycle helmet speaker
    camera printer scarf wallet mug umbrella desk chair mattress toaster drill hammock globe easel
    """)


def path(rng: Random) -> str:
    """A source file: `src/orders/totals.py`."""
    folder, name = rng.sample(MODULES, 2)
    return f"{rng.choice(['src', 'app', 'lib', 'services'])}/{folder}/{name}.py"


def ticket(rng: Random) -> str:
    """An order or ticket number of a few digits."""
    return str(rng.randint(1000, 9899))
