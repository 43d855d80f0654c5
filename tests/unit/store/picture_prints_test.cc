// Copies of photographs are found by bands in common, opened, linked both ways, and forgotten with
// the filing, on both engines.
#include "store/picture_prints.h"

#include "store/materials.h"
#include "store/privacy.h"
#include "store/related.h"
#include "unit/store/fixture.h"

namespace beian::store {
namespace {

class PicturePrintsTest : public StoreTest {
 protected:
  Material photo(const Filing& f) {
    Material m;
    m.id = new_id();
    m.filing_id = f.id;
    m.purpose = "verification_photo";
    m.full_key = m.fitted_key = m.thumbnail_key = "key-" + id_to_string(m.id);
    write([&](Tx& tx) { insert_material(tx, m); });
    return m;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PicturePrintsTest, beian::testing::k_both_engines,
                         beian::testing::engine_name);

TEST_P(PicturePrintsTest, AreFoundByBandsInCommonAndForgottenWithTheirFiling) {
  const Id one = account("one@b.example"), two = account("two@b.example");
  const Filing ours = filing(one, "a"), theirs = filing(two, "b");
  const Material first = photo(theirs), far = photo(theirs), copy = photo(ours);
  write([&](Tx& tx) {
    put_print(tx, keys_, first.id, "print of the first", {7, 8, 9});
    put_print(tx, keys_, first.id, "again", {1, 1, 1});
    put_print(tx, keys_, far.id, "far", {8, 7, 7});  // the same values, but at other places
    put_print(tx, keys_, copy.id, "copy", {7, 8, 1});
  });
  read([&](Reader& r) {
    const auto like = find_like_prints(r, keys_, copy, {{7, 8, 1}, {7, 0, 0}}, 5);
    ASSERT_EQ(like.size(), 1u);
    EXPECT_EQ(like[0].material_id, first.id);
    EXPECT_EQ(like[0].print, "print of the first");
    EXPECT_EQ(like[0].twin.filing_id, theirs.id);
    EXPECT_FALSE(like[0].twin.same_account);
    EXPECT_TRUE(find_like_prints(r, keys_, copy, {{0, 0, 0}}, 5).empty());
    EXPECT_TRUE(find_like_prints(r, keys_, copy, {}, 5).empty());
    const auto kept = r.query("SELECT print_sealed FROM picture_prints ORDER BY material_id");
    for (const Row& row : kept) EXPECT_EQ(row.blob(0).find("print"), std::string::npos);
  });
  write([&](Tx& tx) { put_copy(tx, copy.id, first.id); });
  read([&](Reader& r) {
    const auto mine = filings_with_picture(r, ours.id, 5);
    ASSERT_EQ(mine.size(), 1u);
    EXPECT_EQ(mine[0].filing_id, theirs.id);
    EXPECT_EQ(mine[0].material_id, copy.id);
    const auto other_way = filings_with_picture(r, theirs.id, 5);
    ASSERT_EQ(other_way.size(), 1u);
    EXPECT_EQ(other_way[0].material_id, first.id);
  });
  write([&](Tx& tx) { erase_filing(tx, keys_, theirs.id, 5000); });
  read([&](Reader& r) {
    EXPECT_TRUE(find_like_prints(r, keys_, copy, {{7, 8, 1}}, 5).empty());
    EXPECT_TRUE(filings_with_picture(r, ours.id, 5).empty());
  });
}

}  // namespace
}  // namespace beian::store
