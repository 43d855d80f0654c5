// Filings, queues, jobs, products, the lines to the bureaus and the registry, on both engines.
#include <thread>

#include "store/counters.h"
#include "store/exchange.h"
#include "store/jobs.h"
#include "store/materials.h"
#include "store/products.h"
#include "store/queues.h"
#include "store/registry.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class WorkTest : public StoreTest {
 protected:
  FilingSite site(Id n, const std::string& domain) {
    FilingSite s;
    s.key = "s" + std::to_string(n);
    s.ord = n;
    s.domain = domain;
    s.isp_site_id = n * 10 + 1;
    s.isp_domain_id = n * 10 + 2;
    s.isp_access_id = n * 10 + 3;
    s.isp_ip_base = n * 10 + 4;
    return s;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, WorkTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(WorkTest, AFilingIsItsOwnersAndMovesOnlyFromWhereItIs) {
  const Id owner = account("a@b.example");
  const Filing f = filing(owner);
  EXPECT_FALSE(read([&](Reader& r) { return find_own_filing(r, keys_, f.id, owner + 1); }));
  Filing saved = f;
  saved.content = "{}";
  const auto save = [&](std::int64_t version) {
    return write([&](Tx& tx) { return save_content(tx, keys_, saved, version, 2000); });
  };
  EXPECT_TRUE(save(f.version));
  EXPECT_FALSE(save(f.version)) << "somebody saved meanwhile";
  const Filing now =
      read([&](Reader& r) { return find_own_filing(r, keys_, f.id, owner).value(); });
  EXPECT_EQ(now.content, "{}");
  const Filing submitted = moved(now, State::initial_review, Turn::staff, 3000);
  EXPECT_EQ(submitted.state, State::initial_review);
  EXPECT_FALSE(write([&](Tx& tx) {
    return move_filing(
        tx, {f.id, State::draft, State::expired, now.version, Turn::nobody, {}, false}, 3000);
  }));
  write([&](Tx& tx) {
    put_snapshot(tx, keys_, f.id, 1, "{\"a\":1}", 3000);
    set_result(tx, keys_, f.id, "浙ICP备2026000001号", "secret", 4000);
    bump_revision(tx, f.id, 4000);
  });
  EXPECT_EQ(read([&](Reader& r) { return find_snapshot(r, keys_, f.id, 1); }), "{\"a\":1}");
  EXPECT_EQ(read([&](Reader& r) { return find_filing(r, keys_, f.id)->password; }), "secret");
  EXPECT_EQ(read([&](Reader& r) { return freshness(r, f.id)->account_id; }), owner);
  EXPECT_EQ(read([&](Reader& r) { return list_filings(r, keys_, owner, 5); }).size(), 1u);
  EXPECT_TRUE(read([&](Reader& r) { return counters_agree(r); }));
}

TEST_P(WorkTest, ADomainIsHeldByOneSubmittedFilingAtATime) {
  const Id owner = account("a@b.example");
  const Filing a = filing(owner), b = filing(owner, "others");
  write([&](Tx& tx) {
    put_site(tx, a.id, site(1, "held.cn"));
    put_site(tx, b.id, site(2, "held.cn"));
    put_site(tx, b.id, site(3, "gone.cn"));
    remove_site(tx, b.id, "s3");
  });
  write([&](Tx& tx) { activate_sites(tx, a.id, true); });
  EXPECT_EQ(read([&](Reader& r) { return active_filing_of_domain(r, "held.cn"); }), a.id);
  EXPECT_TRUE(read([&](Reader& r) { return own_open_filing_of_domain(r, owner, "held.cn"); }));
  try {
    write([&](Tx& tx) { activate_sites(tx, b.id, true); });
    FAIL() << "two hold one domain";
  } catch (const DbError& error) {
    EXPECT_EQ(error.kind(), DbError::Kind::unique);
  }
  write([&](Tx& tx) {
    activate_sites(tx, a.id, false);
    activate_sites(tx, b.id, true);
    set_site_number(tx, b.id, "s2", "号-1");
  });
  EXPECT_EQ(read([&](Reader& r) { return list_sites(r, b.id); }).at(0).number, "号-1");
  EXPECT_EQ(read([&](Reader& r) { return filing_of_site(r, 21); }), b.id);
  moved(b, State::initial_review, Turn::staff, 2000);
  EXPECT_EQ(read([&](Reader& r) { return active_filing_of_organiser(r, "others", 0); }), b.id);
  EXPECT_EQ(read([&](Reader& r) { return idle_drafts(r, 5000, true, 5); }), std::vector<Id>{a.id});
}

TEST_P(WorkTest, EveryQueueCountsWhatItLists) {
  const Id owner = account("a@b.example"), staff = account("s@b.example", Role::senior);
  std::vector<Filing> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(moved(filing(owner, "o" + std::to_string(i)), State::initial_review, Turn::staff,
                        2000 + i));
  EXPECT_TRUE(write([&](Tx& tx) { return assign_filing(tx, all[0].id, {}, staff, 3000); }));
  EXPECT_FALSE(write([&](Tx& tx) { return assign_filing(tx, all[0].id, {}, staff, 3000); }));
  for (Queue queue : k_queues)
    for (QueueOrder order : {QueueOrder::urgent, QueueOrder::oldest, QueueOrder::newest}) {
      const QueueQuery query{queue, staff, {}, order, {}, 50};
      const auto rows = read([&](Reader& r) { return list_queue(r, keys_, query); });
      EXPECT_EQ(read([&](Reader& r) { return count_queue(r, query).n; }),
                static_cast<std::int64_t>(rows.size()))
          << to_string(queue);
      EXPECT_EQ(read([&](Reader& r) { return count_queues(r, staff, {}).at(queue); }),
                static_cast<std::int64_t>(rows.size()))
          << to_string(queue);
    }
  QueueQuery page;
  page.queue = Queue::unassigned;
  page.limit = 2;
  const auto first = read([&](Reader& r) { return list_queue(r, keys_, page); });
  ASSERT_EQ(first.size(), 2u);
  page.after = place_of(first[1]);
  const auto second = read([&](Reader& r) { return list_queue(r, keys_, page); });
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0].id, all[3].id);
  EXPECT_EQ(write([&](Tx& tx) { return next_unassigned(tx, {State::initial_review}, {}); }),
            all[1].id);
  EXPECT_FALSE(write([&](Tx& tx) {
    return next_unassigned(tx, {State::initial_review}, {{{"nowhere"}, {}}, 0});
  }));
  EXPECT_TRUE(read([&](Reader& r) { return counters_agree(r); }));
}

TEST_P(WorkTest, AJobIsLeasedByOneAndComesBackWhenItsLeaseIsLost) {
  const auto lease = [&](const std::string& owner, Millis now) {
    return write([&](Tx& tx) { return lease_job(tx, {"clocks", "other"}, owner, now, now + 100); });
  };
  write([&](Tx& tx) {
    put_job(tx, {0, "clocks", "clocks", {}, "", 1000, 0, ""});
    put_job(tx, {0, "clocks", "clocks", {}, "", 900, 0, ""});
    put_job(tx, {0, "send_message", "m/1", {}, "1", 500, 0, ""});
  });
  EXPECT_EQ(read([&](Reader& r) { return next_job_time(r, {"clocks"}); }), 900);
  const auto job = lease("one", 1000);
  ASSERT_TRUE(job);
  EXPECT_FALSE(lease("two", 1050));
  const auto again = lease("two", 1101);
  ASSERT_TRUE(again);
  EXPECT_FALSE(write([&](Tx& tx) { return finish_job(tx, job->id, "one"); })) << "it was lost";
  EXPECT_TRUE(write([&](Tx& tx) { return postpone_job(tx, job->id, "two", 2000, "later"); }));
  EXPECT_EQ(read([&](Reader& r) { return failing_jobs(r, 5); }).at(0).last_error, "later");
  ASSERT_TRUE(lease("two", 2000));
  EXPECT_TRUE(write([&](Tx& tx) { return repeat_job(tx, job->id, "two", 3000); }));
  ASSERT_TRUE(lease("node-1", 3000));
  write([&](Tx& tx) { release_leases(tx, "node-"); });
  ASSERT_TRUE(lease("three", 3000));
  EXPECT_TRUE(write([&](Tx& tx) { return finish_job(tx, job->id, "three"); }));
}

TEST_P(WorkTest, SeveralNodesNeverHoldOneJobTogether) {
  write([&](Tx& tx) {
    for (int i = 0; i < 40; ++i)
      put_job(tx, {0, "send_message", "m/" + std::to_string(i), {}, "", 1, 0, ""});
  });
  std::vector<std::vector<Id>> done(4);
  std::vector<std::thread> nodes;
  for (std::size_t n = 0; n < done.size(); ++n)
    nodes.emplace_back([&, n] {
      const std::string name = "node-" + std::to_string(n);
      while (const auto job = db().write(
                 [&](Tx& tx) { return lease_job(tx, {"send_message"}, name, 10, 1'000'000); }))
        done[n].push_back(job->id);
    });
  for (auto& node : nodes) node.join();
  std::vector<Id> all;
  for (const auto& part : done) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 40u);
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST_P(WorkTest, AMessageIsWrittenOnce) {
  const Message m{new_id(), "activate/1", {}, {},       "mail", "x", "a@b.example",
                  "题",     "文",         "", "queued", 1,      {}};
  EXPECT_TRUE(write([&](Tx& tx) { return insert_message(tx, keys_, m); }));
  Message twin = m;
  twin.id = new_id();
  EXPECT_FALSE(write([&](Tx& tx) { return insert_message(tx, keys_, twin); }));
  write([&](Tx& tx) { set_message_state(tx, m.id, "sent", 2, ""); });
  EXPECT_EQ(read([&](Reader& r) { return find_message(r, keys_, m.id)->state; }), "sent");
  EXPECT_EQ(read([&](Reader& r) { return latest_messages(r, keys_, 5); }).at(0).text, "文");
}

TEST_P(WorkTest, SlotsAndCodesAreTakenOnceAndGivenBack) {
  const Id owner = account("a@b.example");
  const Filing f = filing(owner);
  Product product{1,
                  "i-1",
                  "server",
                  "杭州",
                  "h.example",
                  "2026-01-01",
                  "2030-01-01",
                  1,
                  0,
                  email_lookup(keys_, "a@b.example"),
                  "",
                  {"203.0.113.7"},
                  std::nullopt,
                  1};
  write([&](Tx& tx) { upsert_product(tx, keys_, product, "a@b.example"); });
  const auto take = [&](const std::string& key) {
    return write([&](Tx& tx) { return take_slot(tx, f.id, key, 1, 1); });
  };
  EXPECT_TRUE(take("s1"));
  EXPECT_TRUE(take("s1"));
  EXPECT_FALSE(take("s2"));
  EXPECT_TRUE(read([&](Reader& r) { return has_slot(r, f.id, "s1", 1); }));
  product.slots = 3;
  write([&](Tx& tx) {
    upsert_product(tx, keys_, product, "a@b.example");
    insert_code(tx, 5, "CODE", "CO**", 1, product.owner_lookup, owner, 1);
  });
  EXPECT_EQ(read([&](Reader& r) { return find_product_by_ip(r, "203.0.113.7")->slots_used; }), 1);
  EXPECT_TRUE(read([&](Reader& r) { return find_product_by_host(r, "h.example"); }));
  EXPECT_EQ(read([&](Reader& r) { return list_products(r, product.owner_lookup); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return find_code(r, "CODE")->masked; }), "CO**");
  EXPECT_TRUE(write([&](Tx& tx) { return spend_code(tx, 5, f.id, "s1"); }));
  EXPECT_FALSE(write([&](Tx& tx) { return spend_code(tx, 5, f.id, "s2"); }));
  write([&](Tx& tx) { release_slots(tx, f.id); });
  EXPECT_EQ(read([&](Reader& r) { return find_product(r, 1)->slots_used; }), 0);
  EXPECT_FALSE(read([&](Reader& r) { return list_codes(r, 1).at(0).spent_filing; }));
}

TEST_P(WorkTest, AnEndedProductTakesNothingAndLeavesItsNameAndAddressToOthers) {
  const Filing f = filing(account("a@b.example"));
  const auto put = [&](const std::string& instance, const std::string& owner) {
    Product p{0,
              instance,
              "virtual_host",
              "杭州",
              "h.example",
              "2026-01-01",
              "2030-01-01",
              2,
              0,
              email_lookup(keys_, owner),
              "",
              {"203.0.113.7"},
              std::nullopt,
              1};
    return write([&](Tx& tx) { return upsert_product(tx, keys_, p, owner); });
  };
  const Id first = put("i-1", "a@b.example");
  EXPECT_TRUE(write([&](Tx& tx) { return take_slot(tx, f.id, "s1", first, 1); }));
  write([&](Tx& tx) { end_product(tx, first, 7); });
  EXPECT_FALSE(write([&](Tx& tx) { return take_slot(tx, f.id, "s2", first, 1); }));
  EXPECT_FALSE(read([&](Reader& r) { return find_product_by_ip(r, "203.0.113.7").has_value(); }));
  EXPECT_TRUE(read([&](Reader& r) {
                return list_products(r, email_lookup(keys_, "a@b.example"));
              }).empty());
  const Id second = put("i-2", "c@d.example");
  EXPECT_EQ(read([&](Reader& r) { return find_product_by_host(r, "h.example")->id; }), second);
  read([&](Reader& r) {
    EXPECT_EQ(owner_of(r, keys_, *find_product(r, first)), "a@b.example");
    EXPECT_EQ(find_product(r, first)->ended_at, 7);
    EXPECT_EQ(list_slots(r, first, 9).size(), 1u);
    const auto found = [&](std::string ProductQuery::*part, const std::string& value) {
      ProductQuery query;
      query.*part = value;
      return query_products(r, query).size();
    };
    EXPECT_EQ(found(&ProductQuery::text, "I-"), 2u);
    EXPECT_EQ(found(&ProductQuery::text, "%"), 0u);
    EXPECT_EQ(found(&ProductQuery::ip, "203.0.113.7"), 2u);
    EXPECT_EQ(found(&ProductQuery::state, "sold"), 1u);
    EXPECT_EQ(found(&ProductQuery::state, "ended"), 1u);
    EXPECT_EQ(found(&ProductQuery::owner_lookup, email_lookup(keys_, "c@d.example")), 1u);
    EXPECT_EQ(found(&ProductQuery::after, "i-1"), 1u);
    return 0;
  });
}

TEST_P(WorkTest, ALineNumbersItsFilesWithoutGapsAndUploadsARoundOnce) {
  const Filing f = filing(account("a@b.example"));
  const auto prepare = [&](std::int64_t sequence, std::int64_t round) {
    return write([&](Tx& tx) {
      return prepare_upload(
          tx, keys_, {"330000", sequence, "first_filing", {{f.id, round}}, "<x/>", "hash"}, 1);
    });
  };
  EXPECT_TRUE(prepare(1, 1));
  EXPECT_FALSE(prepare(1, 2)) << "the number is taken";
  EXPECT_THROW(prepare(2, 1), DbError) << "the round is uploaded";
  const Upload up = read([&](Reader& r) { return prepared_upload(r, keys_, "330000").value(); });
  EXPECT_EQ(up.xml, "<x/>");
  write([&](Tx& tx) {
    count_try(tx, up.id);
    renumber_upload(tx, up.id, "330000", 4, "other");
    accept_upload(tx, up.id, 2);
    note_upload(tx, up.id, "noted");
    note_contact(tx, "330000", "", 5);
    note_contact(tx, "330000", "refused", 6);
    note_reached(tx, "330000", 7);
    hold_uploads(tx, "330000", 99, "901");
    note_pruned(tx, "330000", 8);
  });
  EXPECT_EQ(read([&](Reader& r) { return find_upload(r, keys_, "330000", 4)->tries; }), 1);
  EXPECT_EQ(read([&](Reader& r) { return list_uploads(r, "330000", 0, 5); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return records_of(r, up.id); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return uploads_of_record(r, f.id); }).size(), 1u);
  const BureauLine line = read([&](Reader& r) { return find_line(r, "330000"); });
  EXPECT_EQ(line.last_sequence, 4);
  EXPECT_EQ(line.last_error, "refused");
  EXPECT_EQ(line.upload_hold, "901");
  moved(f, State::ready, Turn::platform, 9);
  EXPECT_EQ(read([&](Reader& r) { return filings_to_send(r, "330000", 5); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return count_waiting(r, "330000"); }), 1);
  EXPECT_EQ(read([&](Reader& r) { return count_to_send(r, "330000"); }), 1);
  EXPECT_TRUE(write([&](Tx& tx) { return repeat_upload(tx, "330000", 4); }));
  EXPECT_TRUE(read([&](Reader& r) { return upload_to_repeat(r, keys_, "330000"); }));
  write([&](Tx& tx) {
    settle_repeat(tx, up.id, "done");
    split_upload(tx, up, 1, true, 9);
    prune_files(tx, "330000", 10);
  });
  EXPECT_EQ(read([&](Reader& r) { return exchange_numbers(r, 10); }).size(), 1u);
}

TEST_P(WorkTest, AFetchedFileIsStoredOnceAndPlayedAgainWhenAsked) {
  const auto store = [&] {
    DownloadFile file;
    file.province = "330000";
    file.file_name = "f.xml";
    file.hash = "h";
    file.xml = "<y/>";
    file.received_at = 1;
    return write([&](Tx& tx) { return store_download(tx, keys_, file); });
  };
  EXPECT_TRUE(store());
  EXPECT_FALSE(store());
  const auto find = [&] {
    return read([&](Reader& r) { return find_download(r, keys_, "330000", "f.xml").value(); });
  };
  DownloadFile file = find();
  EXPECT_EQ(file.xml, "<y/>");
  file.note = "applied";
  write([&](Tx& tx) { note_download(tx, file); });
  EXPECT_EQ(find().note, "applied");
  EXPECT_TRUE(write([&](Tx& tx) { return replay_download(tx, "330000", "f.xml"); }));
  EXPECT_TRUE(read([&](Reader& r) { return download_to_replay(r, keys_, "330000"); }));
  EXPECT_EQ(read([&](Reader& r) { return list_downloads(r, "330000", 0, false, 5); }).size(), 1u);
}

TEST_P(WorkTest, MaterialsTicketsAndTheRegistryKeepTheirRows) {
  const Id owner = account("a@b.example");
  const Filing f = filing(owner);
  Material m{3, f.id, "", "certificate", "aa", "bb", "cc", 1, 1, 1, 1, true, 1};
  write([&](Tx& tx) {
    insert_material(tx, m);
    insert_ticket(tx, "t", {f.id, owner, "", "certificate", 100, {}});
  });
  EXPECT_TRUE(read([&](Reader& r) { return is_blob_used(r, "bb"); }));
  EXPECT_EQ(read([&](Reader& r) { return count_materials(r, f.id); }), 1);
  EXPECT_TRUE(read([&](Reader& r) { return find_material(r, f.id, 3)->by_phone; }));
  EXPECT_TRUE(write([&](Tx& tx) { return remove_material(tx, f.id, 3, 50); }));
  EXPECT_TRUE(read([&](Reader& r) { return list_materials(r, f.id); }).empty());
  EXPECT_EQ(write([&](Tx& tx) { return forget_removed(tx, 60); }).size(), 3u);
  EXPECT_FALSE(write([&](Tx& tx) { return spend_ticket(tx, "t", 100); }));
  EXPECT_TRUE(write([&](Tx& tx) { return spend_ticket(tx, "t", 99); }));
  EXPECT_FALSE(write([&](Tx& tx) { return spend_ticket(tx, "t", 99); }));

  const std::string lookup = certificate_lookup(keys_, 1, "9133 0000abc");
  EXPECT_EQ(lookup, certificate_lookup(keys_, 1, "91330000ABC"));
  Organiser o;
  o.id = new_id();
  o.certificate_lookup = lookup;
  o.number = "浙ICP备1号";
  o.bureau_id = 5;
  o.province = "330000";
  o.account_id = owner;
  o.name = "某公司";
  o.approved_at = o.changed_at = 1;
  const Id id = write([&](Tx& tx) { return put_organiser(tx, keys_, o); });
  o.name = "改名";
  o.record = "{}";
  EXPECT_EQ(write([&](Tx& tx) { return put_organiser(tx, keys_, o); }), id);
  EXPECT_EQ(read([&](Reader& r) { return find_organiser(r, keys_, lookup)->name; }), "改名");
  EXPECT_EQ(read([&](Reader& r) { return find_organiser_by_id(r, keys_, id)->record; }), "{}");
  EXPECT_TRUE(read([&](Reader& r) { return find_organiser_by_bureau_id(r, keys_, 5); }));
  EXPECT_TRUE(read([&](Reader& r) { return find_organiser_by_number(r, keys_, "浙ICP备1号"); }));
  EXPECT_EQ(read([&](Reader& r) { return organisers_of(r, keys_, owner); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return filed_organisers(r, keys_, 0, 5); }).size(), 1u);
  RegisteredSite s;
  s.id = new_id();
  s.organiser_id = id;
  s.domain = "a.cn";
  s.number = "浙ICP备1号-1";
  s.bureau_id = 6;
  s.filing_id = f.id;
  s.site_key = "s1";
  s.approved_at = s.changed_at = 1;
  const Id at = write([&](Tx& tx) {
    const Id made = put_registered_site(tx, keys_, s);
    put_registered_domain(tx, {"a.cn", made, id, 7, Standing::served, 1});
    put_registered_domain(tx, {"b.cn", made, id, 8, Standing::served, 1});
    put_registered_access(tx, {new_id(), made, 9, 10, true, {{11, 12, 1, 2}}, false, 1});
    keep_registered_domains(tx, made, {"a.cn"}, 2);
    return made;
  });
  EXPECT_EQ(read([&](Reader& r) { return find_registered_site(r, keys_, "a.cn")->number; }),
            "浙ICP备1号-1");
  EXPECT_FALSE(read([&](Reader& r) { return find_registered_site(r, keys_, "b.cn"); }));
  EXPECT_EQ(read([&](Reader& r) { return sites_of(r, keys_, id); }).size(), 1u);
  EXPECT_TRUE(read([&](Reader& r) { return find_site_by_bureau_id(r, keys_, 6); }));
  EXPECT_EQ(read([&](Reader& r) { return accesses_of(r, at).at(0).ips.size(); }), 1u);
  EXPECT_EQ(read([&](Reader& r) { return all_registered_domains(r); }).size(), 1u);
  EXPECT_EQ(read([&](Reader& r) { return filed_domains(r, 0, "", 5); }).size(), 2u);
  write([&](Tx& tx) { cancel_organiser(tx, id, 3); });
  EXPECT_TRUE(read([&](Reader& r) { return find_organiser_by_id(r, keys_, id)->cancelled; }));
}

}  // namespace
}  // namespace beian::store
