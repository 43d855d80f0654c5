#!/usr/bin/python3
"""An independent SOAP client (python3-zeep) speaks to a running reference bureau.

Nothing of our own code is used here: the WSDL is read by zeep, the data file is written with
Python's zipfile and hashlib and enciphered by the openssl command, so a mistake that our client and
our server share shows up.

    zeep_test.py --base http://127.0.0.1:9000 --token CONSOLE_TOKEN [--province zj] [--isp-id N]

The connection parameters come from the bureau's console, as an officer would hand them out. The
sandbox must have at least one provider and be ticked by its program. Exit status 0: all is well.
"""
import argparse
import base64
import hashlib
import io
import json
import random
import string
import subprocess
import sys
import time
import urllib.request
import xml.etree.ElementTree as ET
import zipfile

import zeep

FILING = """<?xml version="1.0" encoding="GBK"?>
<UploadData version="V.3.0"><ICP><XZBA><Baxx>
<Zt_xx><IspZtid>{base}</IspZtid><Dwmc>独立客户端测试{base}</Dwmc><Dwxz>5</Dwxz>
<Txdz><Shengid>{code}</Shengid><Shiid>{city}</Shiid><Xxdz>测试路1号</Xxdz></Txdz>
<Zj><Zjlx>2</Zjlx><Zjhm>{number}</Zjhm><Zjzs>测试路1号</Zjzs></Zj>
<Fzr><Fzr_xm>测试乙</Fzr_xm><Fzr_dhhm>0571-00000000</Fzr_dhhm><Fzr_sjhm>{mobile}</Fzr_sjhm>
<Fzr_dzyj>b@example.com</Fzr_dzyj></Fzr><Bbfs>1</Bbfs></Zt_xx>
<Wz_xx><IspWzid>{site}</IspWzid><Wzmc>测试网站</Wzmc><Fwnr><Fwnr_id>6</Fwnr_id></Fwnr>
<Yylb><Yylb_id>1</Yylb_id></Yylb>
<Ym_xx><IspYmid>{name}</IspYmid><Ym>{domain}</Ym></Ym_xx>
<Jr_xx><IspJrid>{access}</IspJrid><Wzfb><Fbdd>34</Fbdd></Wzfb><Wzjrfs><Jrfs>5</Jrfs></Wzjrfs>
<Ip_xx><IspIpid>{ip}</IspIpid><Qsip>1778528257</Qsip><Zzip>1778528257</Zzip></Ip_xx></Jr_xx>
<Wz_Fzr><Fzr_xm>测试乙</Fzr_xm><Fzr_sjhm>13000000000</Fzr_sjhm><Fzr_dzyj>b@example.com</Fzr_dzyj>
</Wz_Fzr><Syurl>www.{domain}</Syurl></Wz_xx></Baxx></XZBA><Qqdwid>{unit}</Qqdwid></ICP></UploadData>
"""


def check(condition, what):
    print(("ok      " if condition else "FAILED  ") + what, flush=True)
    if not condition:
        sys.exit(1)


def citizen_number():
    """A number in a region that does not exist, with the check digit of GB 11643."""
    digits = "99000019900101" + "".join(random.choices(string.digits, k=3))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


class Console:
    def __init__(self, base, token):
        self.base, self.token = base, token

    def put(self, path, body):
        return self.ask(path, body, "PUT")

    def ask(self, path, body=None, method=None):
        request = urllib.request.Request(
            self.base + "/console/api/" + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"console": self.token, "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


class Bureau:
    """The provider's end, by zeep."""

    SERVICES = {
        "isp_upload": "ISPWebService/upDownLoad",
        "isp_download": "ISPWebService/upDownLoad",
        "isp_downloadack": "ISPWebService/upDownLoad",
        "isp_querypreviousupload": "ISPWebService/upDownLoad",
        "isp_querybeianstatus": "BeianStatusWebService/queryBeianStatus",
        "isp_verifybamm": "BeianStatusWebService/verifyBamm",
    }

    def __init__(self, base, account):
        self.account = account
        root = f"{base}/{account['province']}/"
        self.clients = {p: zeep.Client(root + p + "?wsdl") for p in set(self.SERVICES.values())}

    def parts(self, method):
        binding = next(iter(self.clients[self.SERVICES[method]].wsdl.bindings.values()))
        return [n for n, _ in binding.get(method).input.body.type.elements]

    def call(self, method, password=None, random_length=20, **values):
        salt = "".join(random.choices(string.ascii_letters + string.digits, k=random_length))
        secret = (password or self.account["password"]) + salt
        arguments = {
            "userName": self.account["user_name"],
            "randVal": salt,
            "pwdHash": base64.b64encode(hashlib.md5(secret.encode("gbk")).digest()).decode(),
            "hashAlgorithm": 0,
            self.parts(method)[0]: int(self.account["isp_id"]),
            **values,
        }
        service = self.clients[self.SERVICES[method]].service
        text = service[method](**arguments)
        # The text declares GBK but is a string already.
        return ET.fromstring(text.split("?>", 1)[1])

    def aes(self, data, decrypt=False):
        command = ["openssl", "enc", "-aes-128-cbc", "-K", self.account["key"].encode().hex(),
                   "-iv", self.account["iv"].encode().hex()] + (["-d"] if decrypt else [])
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout

    def upload(self, sequence, xml, encrypt=1, hash_of_cipher=False):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{self.account['isp_id']}n{sequence}.xml", xml.encode("gbk"))
        plain = packed.getvalue()
        sent = self.aes(plain) if encrypt == 1 else plain
        hashed = sent if hash_of_cipher else plain
        return self.call(
            "isp_upload",
            beianInfo=base64.b64encode(sent).decode(),
            beianInfoHash=base64.b64encode(hashlib.md5(hashed).digest()).decode(),
            dataSequence=sequence, encryptAlgorithm=encrypt, compressionFormat=0,
        )

    def download(self):
        """(msg_code, name, document) of the next file, or (msg_code, None, None)."""
        answer = self.call("isp_download")
        info = answer.find("fileInfos")
        if info is None:
            return int(answer.findtext("msg_code")), None, None
        data = base64.b64decode(info.findtext("beianInfo"))
        if info.findtext("encryptAlgorithm") == "1":
            data = self.aes(data, decrypt=True)
        wanted = base64.b64decode(info.findtext("beianInfoHash"))
        check(hashlib.md5(data).digest() == wanted, "the file's hash fits")
        archive = zipfile.ZipFile(io.BytesIO(data))
        name = info.findtext("return_FileName")
        check(archive.namelist() == [name], "the file is a zip of one entry named like the file")
        text = archive.read(name).decode("gb18030").split("?>", 1)[1]
        return int(answer.findtext("msg_code")), name, ET.fromstring(text)


def wait_for(what, ask, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = ask()
        if found is not None:
            return found
        time.sleep(0.05)
    check(False, "in time: " + what)


def code(answer):
    return int(answer.findtext("msg_code"))


def next_answer(bureau, mine):
    """The next downloaded document that speaks of our record; all are acknowledged."""
    def ask():
        _, name, document = bureau.download()
        if name is None:
            return None
        check(code(bureau.call("isp_downloadack", fileName=name)) == 0, "acknowledged " + name)
        return document if mine in ET.tostring(document, "unicode") else None
    return wait_for("an answer to download", ask)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--base", required=True)
    arguments.add_argument("--token", required=True)
    arguments.add_argument("--province", default="zj")
    arguments.add_argument("--isp-id", default="")
    given = arguments.parse_args()
    console = Console(given.base, given.token)
    account = next(
        (a for a in console.ask("providers")["providers"]
         if a["province"] == given.province and given.isp_id in ("", a["isp_id"])), None)
    check(account is not None, "the bureau has an account for us")
    province = next(p for p in console.ask("state")["provinces"] if p["path"] == given.province)
    bureau = Bureau(given.base, account)
    check(bureau.parts("isp_upload")[1:] == [
        "userName", "randVal", "pwdHash", "beianInfo", "beianInfoHash", "dataSequence",
        "encryptAlgorithm", "hashAlgorithm", "compressionFormat"], "zeep reads the WSDL's parts")

    base = int(time.time() * 1000) * 100 + random.randrange(100)
    domain = f"zeep{base}.example.cn"
    code_number = int(province["code"])
    record = dict(base=base, site=base + 1, name=base + 2, access=base + 3, ip=base + 4,
                  unit=account["isp_id"], domain=domain, number=citizen_number(),
                  mobile="13000000000", code=code_number, city=code_number + 100)

    check(code(bureau.call("isp_download", password="wrong")) == 5, "a wrong password is code 5")
    check(code(bureau.call("isp_download", random_length=19)) == 16, "a short random is code 16")
    check(code(bureau.call("isp_downloadack", fileName="")) == 21, "an empty name is code 21")
    console.put("settings", {"filing_passwords": True})
    status = bureau.call("isp_querybeianstatus", queryConditionType=0, queryCondition=domain)
    check(status.findtext("StatusInfo/Bazt") == "1", "the domain is not filed")

    previous = bureau.call("isp_querypreviousupload")
    sequence = int(previous.findtext("fileInfos/dataSequence")) + 1
    check(code(bureau.upload(sequence + 1, FILING.format(**record))) == 14, "a gap is code 14")
    check(code(bureau.upload(sequence, FILING.format(**record), encrypt=2)) == 9,
          "an unknown cipher is code 9")
    check(code(bureau.upload(sequence, FILING.format(**record), hash_of_cipher=True)) == 7,
          "a hash of the cipher text is code 7")
    wrong = dict(record, mobile="02345678901")
    check(code(bureau.upload(sequence, FILING.format(**wrong))) == 0, "the upload is accepted")
    previous = bureau.call("isp_querypreviousupload")
    check(int(previous.findtext("fileInfos/dataSequence")) == sequence, "and is the previous one")
    answer = next_answer(bureau, str(base))
    check([c.text for c in answer.iter("Jgdm")] == ["1011"], "a wrong mobile number comes as 1011")

    check(code(bureau.upload(sequence + 1, FILING.format(**record), encrypt=0)) == 0,
          "corrected and accepted, in clear this time")
    order = wait_for("the order on the console", lambda: next(
        (o for o in console.ask("orders?state=pending")["orders"]
         if o["isp_record"] == str(base)), None))
    console.ask(f"orders/{order['id']}/pass", {"opinion": "通过"})
    answer = next_answer(bureau, str(base))
    check(answer.findtext(".//Jgdm") == "1001" and answer.findtext(".//Shjg") == "1", "passed: 1001")
    published = next_answer(bureau, str(base))
    number = published.findtext(".//Wz_xx/Baxh")
    check(number is not None and number.startswith(province["prefix"] + "ICP备"),
          f"published as {number}")
    status = bureau.call("isp_querybeianstatus", queryConditionType=0, queryCondition=domain)
    check(status.findtext("StatusInfo/Bazt") == "0" and status.findtext("StatusInfo/Wzbah") == number,
          "the domain is filed under that number")
    status = bureau.call("isp_querybeianstatus", queryConditionType=2,
                         queryCondition=record["number"])
    check(status.findtext("StatusInfo/Bazt") == "0", "and found by the organiser's certificate")
    verified = bureau.call("isp_verifybamm", baxh=number, bamm="wrong")
    check(verified.findtext("VerifyRes") == "1", "a wrong filing password is wrong")
    password = console.ask(f"orders/{order['id']}")["published"]["filing_password"]
    verified = bureau.call("isp_verifybamm", baxh=number, bamm=password)
    check(verified.findtext("VerifyRes") == "0", "the issued one is right")
    console.put("settings", {"filing_passwords": False})
    wait_for("the end of the downloads", lambda: code(bureau.call("isp_download")) == 2 or None)
    print("all is well")


if __name__ == "__main__":
    main()
