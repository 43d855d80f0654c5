"""Writes every data file that passed between the platform and the reference bureau as XML.

usage: exchanged.py SANDBOX_DB FOLDER

FOLDER/upload-<n>.xml is what the platform sent (opened with Python's zipfile and the openssl command,
not with our code), FOLDER/download-<n>.xml what the bureau answered. Prints the two counts.
"""
import base64
import io
import pathlib
import sqlite3
import subprocess
import sys
import zipfile

database, folder = sys.argv[1], pathlib.Path(sys.argv[2])
rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
uploads = downloads = 0
for info, algorithm, key, iv in rows.execute(
        "SELECT info, encrypt_algorithm, cipher_key, cipher_iv FROM uploads JOIN providers USING "
        "(province, isp_id) ORDER BY uploads.id"):
    data = base64.b64decode(info)
    if algorithm == 1:
        data = subprocess.run(
            ["openssl", "enc", "-d", "-aes-128-cbc", "-K", key.encode().hex(), "-iv", iv.encode().hex()],
            input=data, stdout=subprocess.PIPE, check=True).stdout
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert len(archive.namelist()) == 1, archive.namelist()
    (folder / f"upload-{uploads}.xml").write_bytes(archive.read(archive.namelist()[0]))
    uploads += 1
for (xml,) in rows.execute("SELECT xml FROM files ORDER BY id"):
    (folder / f"download-{downloads}.xml").write_bytes(xml)
    downloads += 1
print(uploads, downloads)
