#!/usr/bin/python3
"""Every kind of upload, by an independent SOAP client, with XML written by hand.

Files an organiser, adds websites (one of two goes back), joins a website of another provider, changes,
sends material, cancels; answers a verification task and a list of unfiled websites; files addresses
and domains. Arguments as zeep_test.py; the sandbox must decide by hand (its default).
"""
import argparse
import random
import time
import xml.etree.ElementTree as ET

from zeep_test import FILING, Bureau, Console, check, citizen_number, code, wait_for

HEAD = '<?xml version="1.0" encoding="GBK"?><UploadData version="V.3.0">'
PERSON = ("<Fzr_xm>测试乙</Fzr_xm><Fzr_dhhm>0571-00000000</Fzr_dhhm><Fzr_sjhm>13000000000</Fzr_sjhm>"
          "<Fzr_dzyj>b@example.com</Fzr_dzyj>")
# The smallest bytes that begin like a JPEG.
JPEG = "/9j/4AAQSkZJRgAgc2FtcGxlIP/Z"


def access(number, ip, ids):
    return (f"{ids}<Wzfb><Fbdd>34</Fbdd></Wzfb><Wzjrfs><Jrfs>5</Jrfs></Wzjrfs>"
            f"<Ip_xx>{number}<Qsip>{ip}</Qsip><Zzip>{ip}</Zzip></Ip_xx>")


def website(base, domain, name="测试网站"):
    """A website as XZBA and XZWZ carry it."""
    return (f"<Wz_xx><IspWzid>{base}</IspWzid><Wzmc>{name}</Wzmc><Fwnr><Fwnr_id>6</Fwnr_id></Fwnr>"
            f"<Yylb><Yylb_id>1</Yylb_id></Yylb><Ym_xx><IspYmid>{base + 1}</IspYmid><Ym>{domain}</Ym></Ym_xx>"
            f"<Jr_xx>{access(f'<IspIpid>{base + 3}</IspIpid>', 1778528257, f'<IspJrid>{base + 2}</IspJrid>')}"
            f"</Jr_xx><Wz_Fzr>{PERSON}</Wz_Fzr><Syurl>www.{domain}</Syurl></Wz_xx>")


class Provider:
    """Uploads in sequence; looks at every download once and keeps what nobody has asked for yet."""

    def __init__(self, console, bureau):
        self.console, self.bureau = console, bureau
        previous = bureau.call("isp_querypreviousupload")
        self.sequence = int(previous.findtext("fileInfos/dataSequence"))
        self.unit = bureau.account["isp_id"]
        self.kept = []

    def send(self, group, branch="ICP"):
        self.sequence += 1
        text = f"{HEAD}<{branch}>{group}<Qqdwid>{self.unit}</Qqdwid></{branch}></UploadData>"
        check(code(self.bureau.upload(self.sequence, text)) == 0, f"{group[1:group.index('>')]} is accepted")

    def receive(self, what, wanted):
        """The first downloaded document that `wanted` is true of."""
        def ask():
            _, name, document = self.bureau.download()
            if name is not None:
                check(code(self.bureau.call("isp_downloadack", fileName=name)) == 0, "acknowledged " + name)
                self.kept.append(document)
            for document in self.kept:
                if wanted(document):
                    self.kept.remove(document)
                    return document
            return None
        return wait_for(what, ask)

    def refused(self, what, *codes):
        document = self.receive(what, lambda d: d.find(".//BAJG") is not None)
        check(tuple(c.text for c in document.iter("Jgdm")) == codes, f"{what}: {', '.join(codes)}")

    def decide(self, kind, verb="pass", **body):
        order = wait_for(f"the order {kind}", lambda: next(
            iter(self.console.ask(f"orders?state=pending&kind={kind}")["orders"]), None))
        self.console.ask(f"orders/{order['id']}/{verb}", {"opinion": "通过", **body})
        return self.receive("the decision", lambda d: d.find(".//GJSHS") is not None)

    def published(self):
        return self.receive("the publication", lambda d: d.find(".//BASJ") is not None)


def first_filing(provider, base, domain, province):
    record = dict(base=base, site=base + 1, name=base + 2, access=base + 3, ip=base + 4,
                  unit=provider.unit, domain=domain, number=citizen_number(), mobile="13000000000",
                  code=province, city=province + 100)
    text = FILING.format(**record)
    provider.send(text[text.index("<XZBA>"):text.index("<Qqdwid>")])
    answer = provider.decide("new_filing")
    check(answer.findtext(".//Gjsh/Jlid") == str(base), "XZBA: the decision names IspZtid")
    return provider.published(), record


def new_websites(provider, base, domain, organiser):
    provider.send(f"<XZWZ><Xzxx><Zt_xx><Ztbah>{organiser}</Ztbah></Zt_xx>"
                  f"{website(base, 'two.' + domain)}{website(base + 10, 'three.' + domain)}</Xzxx></XZWZ>")
    answer = provider.decide("new_website",
                             returned_sites=[{"isp_id": str(base + 10), "opinion": "域名不是本人的"}])
    check([(d.findtext("Jlid"), d.findtext("Shjg"), d.findtext("Czlx")) for d in answer.iter("Gjsh")]
          == [(str(base), "1", "2"), (str(base + 10), "0", "2")], "XZWZ: one website passes, one goes back")
    check(answer.findtext(".//Jg_xx/Bs") == organiser, "and the result names the organiser's number")
    numbers = [s.findtext("Baxh") for s in provider.published().iter("Wz_xx")]
    check(numbers == [organiser + "-1", organiser + "-2"], "the one that passed is published as " + numbers[-1])


def new_access(provider, base, domain, province):
    foreign = provider.console.ask("registry", {"province": province, "websites": [{"domain": domain}]})
    number = foreign["websites"][0]["number"]
    ids = access(f"<IspIpid>{base + 1}</IspIpid>", 1778528258, f"<IspJrid>{base}</IspJrid>")
    wrong = f"<XZJR><Xzxx><Wz_xx><Wzbah>{number}9</Wzbah></Wz_xx>{ids}<ICPmm>0</ICPmm></Xzxx></XZJR>"
    provider.send(wrong)
    provider.refused("an unknown number", "1016")
    provider.send(wrong.replace(number + "9", number))
    answer = provider.decide("new_access")
    check(answer.findtext(".//Jg_xx/Bs") == number and answer.findtext(".//Gjsh/Jlid") == str(base),
          "XZJR: the result names the website's number, the decision our IspJrid")
    accesses = list(provider.published().iter("Jr_xx"))
    check(len(accesses) == 2, "the website has two accesses now")
    mine = next(a for a in accesses if a.findtext("Ispid") == provider.unit)
    return mine.findtext("Jrid"), foreign["organiser"]["number"]


def change(provider, published):
    organiser, site = published.find(".//Zt_xx"), published.find(".//Wz_xx")
    take = lambda node, path: node.findtext(path)
    sites = (f"<Wz_xx><Wzid>{take(site, 'Wzid')}</Wzid><Wzmc>改名网站</Wzmc><Fwnr><Fwnr_id>6</Fwnr_id></Fwnr>"
             f"<Yylb><Yylb_id>1</Yylb_id></Yylb><Ym_xx><IspYmid>{take(site, 'Ym_xx/IspYmid')}</IspYmid>"
             f"<Ymid>{take(site, 'Ym_xx/Ymid')}</Ymid><Ym>{take(site, 'Ym_xx/Ym')}</Ym></Ym_xx>"
             + "<Jr_xx>" + access(f"<IspIpid>{take(site, 'Jr_xx/Ip_xx/IspIpid')}</IspIpid>"
                                  f"<Ipid>{take(site, 'Jr_xx/Ip_xx/Ipid')}</Ipid>", 1778528260,
                                  f"<Jrid>{take(site, 'Jr_xx/Jrid')}</Jrid>")
             + f"</Jr_xx><Wz_Fzr>{PERSON}</Wz_Fzr><Baxh>{take(site, 'Baxh')}</Baxh>"
             f"<Syurl>{take(site, 'Syurl')}</Syurl></Wz_xx>")
    provider.send(
        f"<BGBA><Bgxx><Zt_xx><Ztid>{take(organiser, 'Ztid')}</Ztid><Dwmc>改名后的主办者</Dwmc>"
        f"<Baxh>{take(organiser, 'Baxh')}</Baxh><Dwxz>5</Dwxz>"
        f"<Txdz><Shengid>{take(organiser, 'Txdz/Shengid')}</Shengid><Shiid>{take(organiser, 'Txdz/Shiid')}</Shiid>"
        f"<Xxdz>测试路2号</Xxdz></Txdz><Zj><Zjlx>2</Zjlx><Zjhm>{take(organiser, 'Zj/Zjhm')}</Zjhm>"
        f"<Zjzs>测试路2号</Zjzs></Zj><Fzr>{PERSON}</Fzr></Zt_xx>{sites}</Bgxx></BGBA>")
    answer = provider.decide("change")
    check(answer.findtext(".//Gjsh/Jlid") == take(organiser, "Ztid"), "BGBA: the decision names Ztid")
    after = provider.published()
    check(after.findtext(".//Zt_xx/Dwmc") == "改名后的主办者", "the organiser has its new name")
    check(after.findtext(".//Wz_xx/Jr_xx/Ip_xx/Qsip") == "1778528260", "the access its new address")
    return after


def material(provider, site_number):
    provider.send(f"<XZHYD><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>5</Fjyt><Fjnr>{JPEG}</Fjnr><Fjssdx><Ssdxlx>2</Ssdxlx>"
                  f"<Ssdxbs><Baxh>{site_number}</Baxh></Ssdxbs></Fjssdx></Fjxx></XZHYD>")
    provider.refused("XZHYD is taken", "1060")


def verification(provider, ztid):
    provider.console.ask("tasks/verification", {"subject_id": ztid, "remark": "请核实"})
    task = provider.receive("HSRW", lambda d: d.find(".//HSRW") is not None).find(".//Baxx")
    check(task.findtext("Zt_xx/Ztid") == ztid, "HSRW brings the record")
    organiser, site = task.find("Zt_xx"), task.find("Wz_xx")
    person = PERSON.replace("Fzr_sjhm", "sjhm")
    provider.send(
        f"<HSJG><Hsjgxx><Hsjg>0</Hsjg><Hsrxm>测试丙</Hsrxm><Hssj>2026-11-28</Hssj><Bbdw>{provider.unit}</Bbdw>"
        f"<Hsyj>信息真实准确</Hsyj><Baxx><Zt_xx><Ztid>{ztid}</Ztid><Dwmc>{organiser.findtext('Dwmc')}</Dwmc>"
        f"<Txdz><Shengid>{organiser.findtext('Txdz/Shengid')}</Shengid><Shiid>{organiser.findtext('Txdz/Shiid')}</Shiid></Txdz>"
        f"<Zj><Zjlx>2</Zjlx><Zjhm>{organiser.findtext('Zj/Zjhm')}</Zjhm><Zjzs>测试路2号</Zjzs></Zj><Fzr>{person}</Fzr></Zt_xx>"
        f"<Wz_xx><Wzid>{site.findtext('Wzid')}</Wzid><Wzmc>{site.findtext('Wzmc')}</Wzmc><Fwnr><Fwnr_id>6</Fwnr_id></Fwnr>"
        f"<Ym_xx><Ymid>{site.findtext('Ym_xx/Ymid')}</Ymid><Ym>{site.findtext('Ym_xx/Ym')}</Ym></Ym_xx><Jr_xx>"
        + access(f"<Ipid>{site.findtext('Jr_xx/Ip_xx/Ipid')}</Ipid>", 1778528260, f"<Jrid>{site.findtext('Jr_xx/Jrid')}</Jrid>")
        + f"<Bbfs>1</Bbfs></Jr_xx><Wz_Fzr>{person}</Wz_Fzr></Wz_xx></Baxx></Hsjgxx></HSJG>")
    answered = wait_for("the answer on the console", lambda: next(
        (t for t in provider.console.ask("tasks?kind=verification")["tasks"] if t["answered_at"]), None))
    check(answered["answer"]["passed"] and answered["answer"]["verifier"] == "测试丙", "HSJG is shown on the console")


def unfiled(provider, domain, province_code, path):
    provider.console.ask("tasks/unfiled", {"province": path, "isp_id": provider.unit, "domain": domain,
                                           "ip": "106.2.48.1"})
    listed = provider.receive("WBAWZLB", lambda d: d.find(".//WBAWZLB") is not None).find(".//Wbawz_xx")
    answer = (f"<WBACLJG><Clxx><Ym>{domain}</Ym><IP>{listed.findtext('IP')}</IP><Yys>{listed.findtext('Yys')}</Yys>"
              f"<Jrs>{provider.unit}</Jrs><Shengid>{province_code}</Shengid><Cljg>%s</Cljg><Clyj>已关闭</Clyj>"
              f"<Rbsj>2026-11-28</Rbsj><Clsx>2026-12-05</Clsx></Clxx></WBACLJG>")
    provider.send(answer % 99)
    provider.refused("an outcome that is none", "5007")
    provider.send(answer % 1)
    provider.send(answer % 1)
    provider.refused("answered twice", "5006")


def cancellations(provider, access_id, site_id, ztid):
    cancel = "<ZXBA><Zx_xx><Zxlb>%s</Zxlb><Jlid>%s</Jlid><Zxly>1</Zxly></Zx_xx></ZXBA>"
    for scope, record, kind, operation in ((2, access_id, "cancel_access", "5"),
                                           (1, site_id, "cancel_website", "7"),
                                           (0, ztid, "cancel_organiser", "6")):
        provider.send(cancel % (scope, record))
        answer = provider.decide(kind)
        check(answer.findtext(".//Gjsh/Jlid") == record and answer.findtext(".//Gjsh/Czlx") == operation,
              f"ZXBA {kind}: the decision names the record")
    provider.send(cancel % (0, ztid))
    provider.refused("cancelled already", "1049")


def addresses(provider, base):
    source = f"<IspId>{base}</IspId><Qsip>1778528256</Qsip><Zzip>1778528511</Zzip><Lydw>990000000014</Lydw>"
    share = ("<Qsip>1778528256</Qsip><Zzip>1778528265</Zzip><Fpfs>3</Fpfs><Syfs>1</Syfs>"
             "<Fprq>2026-01-01</Fprq>")
    wanted = lambda d: d.find("./IP/BAJG") is not None
    codes = lambda d: [c.text for c in d.iter("Jgdm")]
    new_share = f"<XZBA><Xzfp><Fpsy><IspId>{base + 1}</IspId>{share}</Fpsy></Xzfp></XZBA>"
    provider.send(new_share, "IP")
    check(codes(provider.receive("IP answer", wanted)) == ["2005"], "IP XZBA: no allocation without a source")
    provider.send(f"<XZBA><Xzly><Ly>{source}</Ly></Xzly></XZBA>", "IP")
    origin = provider.receive("IP answer", wanted)
    check(codes(origin) == ["2998"], "IP XZBA: the source is filed")
    provider.send(new_share, "IP")
    record = provider.receive("IP answer", wanted).findtext(".//Fpjg/Id")
    check(record is not None, "IP XZBA: the allocation has the bureau's id")
    changed = f"<XGBA><Xgfp><Fpsy><Id>{record}</Id>{share.replace('1778528265', '1778528270')}</Fpsy></Xgfp></XGBA>"
    provider.send(changed, "IP")
    check(codes(provider.receive("IP answer", wanted)) == ["2998"], "IP XGBA: changed")
    provider.send(f"<SCBA><Scfp><Fpsy><Id>{record}</Id></Fpsy></Scfp>"
                  f"<Scly><Ly><Id>{origin.findtext('.//Lyjg/Id')}</Id></Ly></Scly></SCBA>", "IP")
    check(codes(provider.receive("IP answer", wanted)) == ["2998", "2998"], "IP SCBA: deleted")
    provider.send(changed, "IP")
    check(codes(provider.receive("IP answer", wanted)) == ["2055"], "IP XGBA: an id that is gone")


def domains(provider, base, domain, path):
    party = lambda p, name: (f"<{p}_{name}>示例用户</{p}_{name}><{p}_zz>示例单位</{p}_zz>")
    record = (f"<Ym>{domain}</Ym><Ymlx>1</Ymlx><Zcsj>2020-01-01</Zcsj>{party('Zcr', 'mc')}"
              "<Zcr_txdz>示例路1号</Zcr_txdz><Zcr_shengid>330000</Zcr_shengid><Zcr_shiid>330100</Zcr_shiid>"
              "<Zcr_dzyj>a@example.com</Zcr_dzyj><Zcr_dhhm>0571-00000000</Zcr_dhhm>"
              f"{party('Gly', 'mz')}<Gly_dz>示例路1号</Gly_dz><Gly_shengid>330000</Gly_shengid>"
              "<Gly_shiid>330100</Gly_shiid><Gly_dzyj>a@example.com</Gly_dzyj><Gly_dh>0571-00000000</Gly_dh>"
              "<Ym_zcs>示例注册商</Ym_zcs><Ym_fwq>ns1.example.cn</Ym_fwq><Yxrq>2030-01-01</Yxrq>")
    wanted = lambda d: d.find("./YM/BAJG") is not None
    codes = lambda d: [c.text for c in d.iter("Jgdm")]
    new = f"<XZBA><Xzxx><IspId>{base}</IspId>{record}</Xzxx></XZBA>"
    provider.send(new, "YM")
    check(codes(provider.receive("YM answer", wanted)) == ["3036"], "YM: not from an access provider")
    provider.console.ask("providers", {"province": path, "isp_id": provider.unit, "role": "domain"})
    provider.send(new, "YM")
    answer = provider.receive("YM answer", wanted)
    check(codes(answer) == ["3998"], "YM XZBA: filed")
    provider.send(f"<XGBA><Xzxx><Id>{answer.findtext('.//Jg_xx/Id')}</Id>{record}</Xzxx></XGBA>", "YM")
    check(codes(provider.receive("YM answer", wanted)) == ["3998"], "YM XGBA: changed")
    provider.send(f"<SCBA><Scxx><Ym>{domain}</Ym></Scxx></SCBA>", "YM")
    check(codes(provider.receive("YM answer", wanted)) == ["3998"], "YM SCBA: deleted by name")
    provider.console.ask("providers", {"province": path, "isp_id": provider.unit, "role": "access"})


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--base", required=True)
    arguments.add_argument("--token", required=True)
    arguments.add_argument("--province", default="zj")
    given = arguments.parse_args()
    console = Console(given.base, given.token)
    account = next(a for a in console.ask("providers")["providers"] if a["province"] == given.province)
    province = next(p for p in console.ask("state")["provinces"] if p["path"] == given.province)
    provider = Provider(console, Bureau(given.base, account))
    base = int(time.time() * 1000) * 1000 + random.randrange(10) * 100
    domain = f"zeep{base}.example.cn"

    published, _ = first_filing(provider, base, domain, int(province["code"]))
    ztid, number = published.findtext(".//Zt_xx/Ztid"), published.findtext(".//Zt_xx/Baxh")
    site_id, site_number = published.findtext(".//Wz_xx/Wzid"), published.findtext(".//Wz_xx/Baxh")
    new_websites(provider, base + 10, domain, number)
    access_id, _ = new_access(provider, base + 40, "foreign." + domain, given.province)
    change(provider, published)
    material(provider, site_number)
    verification(provider, ztid)
    unfiled(provider, "unfiled." + domain, province["code"], given.province)
    addresses(provider, base + 50)
    domains(provider, base + 60, "registered." + domain, given.province)
    cancellations(provider, access_id, site_id, ztid)
    check(not provider.kept, "nothing came that was not asked for: "
          + " ".join(ET.tostring(d, "unicode")[:200] for d in provider.kept))
    print("all is well")


if __name__ == "__main__":
    main()
