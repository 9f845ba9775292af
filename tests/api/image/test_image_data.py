"""The data of images: upload, download, staging and import."""

from __future__ import annotations

import hashlib

from novasim.records import ImageData

KEYS = set(
    "id name status visibility size virtual_size min_disk min_ram checksum os_hash_algo os_hash_value owner "
    "container_format disk_format created_at updated_at tags protected os_hidden file self schema".split()
)


def test_uploaded_data_is_downloaded_again(glance):
    image = glance.make(data=b"some bytes", name="mine")
    view = glance.ask("GET", f"/images/{image}").body
    assert set(view) == KEYS
    assert (view["status"], view["size"]) == ("active", 10)
    assert view["checksum"] == hashlib.md5(b"some bytes").hexdigest()
    assert (view["os_hash_algo"], view["os_hash_value"]) == ("sha512", hashlib.sha512(b"some bytes").hexdigest())
    answer = glance.ask("GET", f"/images/{image}/file")
    assert (answer.code, answer.body, answer.headers["Content-MD5"]) == (200, b"some bytes", view["checksum"])
    assert glance.ask("PUT", f"/images/{image}/file", b"other").code == 409
    assert glance.ask("DELETE", f"/images/{image}").code == 204
    assert glance.play.all(ImageData) == []


def test_data_that_is_not_stored_answers_501(glance):
    big = glance.make(data=b"x" * 65_537)
    assert glance.ask("GET", f"/images/{big}").body["size"] == 65_537
    refusal = glance.ask("GET", f"/images/{big}/file")
    assert refusal.code == 501
    assert "65537 bytes" in refusal.body["error"]["message"]
    assert glance.ask("GET", f"/images/{glance.play.image}/file").code == 501
    assert glance.ask("GET", f"/images/{glance.make()}/file").code == 204


def test_an_upload_needs_both_formats(glance):
    image = glance.ask("POST", "/images", {"name": "bare"}).body["id"]
    refusal = glance.ask("PUT", f"/images/{image}/file", b"x")
    message = "Properties disk_format, container_format must be set prior to saving data."
    assert (refusal.code, refusal.body["error"]["message"]) == (400, message)


def test_staged_data_is_imported(glance):
    image = glance.make()
    assert glance.ask("GET", "/info/import").body["import-methods"]["value"] == ["glance-direct"]
    direct = {"method": {"name": "glance-direct"}}
    assert glance.ask("POST", f"/images/{image}/import", direct).code == 409
    assert glance.ask("PUT", f"/images/{image}/stage", b"abc").code == 204
    assert glance.ask("GET", f"/images/{image}").body["status"] == "uploading"
    assert glance.ask("POST", f"/images/{image}/import", {"method": {"name": "web-download"}}).code == 400
    assert glance.ask("POST", f"/images/{image}/import", direct).code == 202
    assert glance.ask("GET", f"/images/{image}/file").body == b"abc"


def test_formats_cannot_change_after_the_upload(glance):
    image = glance.make(data=b"x")
    patch = [{"op": "replace", "path": "/disk_format", "value": "qcow2"}]
    assert glance.ask("PATCH", f"/images/{image}", patch).code == 403
