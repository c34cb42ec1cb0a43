package semantics

import (
	"strings"

	"godwit/ir/resolve"
	"godwit/ir/types"
)

// charset is a row of the table of charsets: bytes of one character at most, default collation, and the further
// collations. See the manuals' pages "Supported Character Sets and Collations".
type charset struct {
	name       string
	bytes      int
	collations string // the default first
}

// languages of the utf8 charsets' collations _<language>_ci.
const languages = "icelandic latvian romanian slovenian polish estonian spanish swedish turkish czech danish lithuanian slovak spanish2 roman persian esperanto hungarian sinhala german2 croatian unicode_520 vietnamese"

// languages0900 are those of utf8mb4_<language>_0900_ai_ci and _as_cs.
const languages0900 = "de_pb is lv ro sl pl et es sv tr cs da lt sk es_trad la eo hu hr vi ru bg bs gl mn_cyrl nb nn sr_latn"

var charsets = []charset{
	{"utf8mb4", 4, "utf8mb4_0900_ai_ci utf8mb4_general_ci utf8mb4_unicode_ci utf8mb4_bin utf8mb4_0900_as_ci utf8mb4_0900_as_cs utf8mb4_0900_bin utf8mb4_ja_0900_as_cs utf8mb4_ja_0900_as_cs_ks utf8mb4_zh_0900_as_cs utf8mb4_general_nopad_ci utf8mb4_nopad_bin utf8mb4_unicode_nopad_ci utf8mb4_unicode_520_nopad_ci utf8mb4_uca1400_ai_ci utf8mb4_uca1400_as_ci utf8mb4_uca1400_as_cs utf8mb4_uca1400_ai_cs utf8mb4_uca1400_nopad_ai_ci utf8mb4_uca1400_nopad_as_ci utf8mb4_uca1400_nopad_as_cs"},
	{"utf8mb3", 3, "utf8mb3_general_ci utf8mb3_unicode_ci utf8mb3_bin utf8mb3_general_nopad_ci utf8mb3_nopad_bin utf8mb3_unicode_nopad_ci utf8mb3_general_mysql500_ci"},
	{"utf8", 3, "utf8_general_ci utf8_unicode_ci utf8_bin utf8_general_nopad_ci utf8_nopad_bin utf8_unicode_nopad_ci utf8_general_mysql500_ci"},
	{"ucs2", 2, "ucs2_general_ci ucs2_unicode_ci ucs2_bin"},
	{"utf16", 4, "utf16_general_ci utf16_unicode_ci utf16_bin"},
	{"utf16le", 4, "utf16le_general_ci utf16le_bin"},
	{"utf32", 4, "utf32_general_ci utf32_unicode_ci utf32_bin"},
	{"latin1", 1, "latin1_swedish_ci latin1_bin latin1_general_ci latin1_general_cs latin1_german1_ci latin1_german2_ci latin1_danish_ci latin1_spanish_ci latin1_swedish_nopad_ci latin1_nopad_bin"},
	{"ascii", 1, "ascii_general_ci ascii_bin"},
	{"latin2", 1, "latin2_general_ci latin2_bin latin2_croatian_ci latin2_hungarian_ci"},
	{"latin5", 1, "latin5_turkish_ci latin5_bin"},
	{"latin7", 1, "latin7_general_ci latin7_general_cs latin7_bin latin7_estonian_cs"},
	{"cp1250", 1, "cp1250_general_ci cp1250_bin cp1250_croatian_ci cp1250_polish_ci"},
	{"cp1251", 1, "cp1251_general_ci cp1251_general_cs cp1251_bin cp1251_bulgarian_ci cp1251_ukrainian_ci"},
	{"cp1252", 1, "cp1252_general_ci"},
	{"cp1256", 1, "cp1256_general_ci cp1256_bin"},
	{"cp1257", 1, "cp1257_general_ci cp1257_bin cp1257_lithuanian_ci"},
	{"cp850", 1, "cp850_general_ci cp850_bin"},
	{"cp852", 1, "cp852_general_ci cp852_bin"},
	{"cp866", 1, "cp866_general_ci cp866_bin"},
	{"koi8r", 1, "koi8r_general_ci koi8r_bin"},
	{"koi8u", 1, "koi8u_general_ci koi8u_bin"},
	{"greek", 1, "greek_general_ci greek_bin"},
	{"hebrew", 1, "hebrew_general_ci hebrew_bin"},
	{"tis620", 1, "tis620_thai_ci tis620_bin"},
	{"big5", 2, "big5_chinese_ci big5_bin"},
	{"gbk", 2, "gbk_chinese_ci gbk_bin"},
	{"gb2312", 2, "gb2312_chinese_ci gb2312_bin"},
	{"gb18030", 4, "gb18030_chinese_ci gb18030_bin"},
	{"sjis", 2, "sjis_japanese_ci sjis_bin"},
	{"cp932", 2, "cp932_japanese_ci cp932_bin"},
	{"ujis", 3, "ujis_japanese_ci ujis_bin"},
	{"eucjpms", 3, "eucjpms_japanese_ci eucjpms_bin"},
	{"euckr", 2, "euckr_korean_ci euckr_bin"},
	{"binary", 1, "binary"},
}

func addCollations(s *resolve.Semantics) {
	for _, c := range charsets {
		names := strings.Fields(c.collations)
		s.CharsetDefault[c.name] = names[0]
		s.CharsetBytes[c.name] = c.bytes
		for _, n := range append(names, languageCollations(c.name)...) {
			addCollation(s, c.name, n)
		}
	}
	// MariaDB's collations that leave the charset to the context belong to utf8mb4 here.
	for _, n := range []string{"uca1400_ai_ci", "uca1400_as_ci", "uca1400_as_cs"} {
		addCollation(s, "utf8mb4", n)
	}
}

func languageCollations(charset string) []string {
	var out []string
	switch charset {
	case "utf8mb4", "utf8mb3", "utf8", "ucs2", "utf16", "utf32":
		for _, l := range strings.Fields(languages) {
			out = append(out, charset+"_"+l+"_ci")
		}
	}
	if charset == "utf8mb4" {
		for _, l := range strings.Fields(languages0900) {
			out = append(out, charset+"_"+l+"_0900_ai_ci", charset+"_"+l+"_0900_as_cs")
		}
	}
	return out
}

func addCollation(s *resolve.Semantics, charset, name string) {
	s.Collations[name] = axes(name)
	s.CharsetOf[name] = charset
}

// axes reads the axes off a collation's name: the suffixes are the documented convention, and _ci without _as ignores accents
// as well in every collation that the table lists except the older single-byte ones, where letters with accents differ.
func axes(name string) types.Collation {
	c := types.Collation{Name: name}
	if name == "binary" || strings.HasSuffix(name, "_bin") {
		c.Binary = true
		c.PadSpace = name != "binary" && !strings.Contains(name, "nopad") && !strings.Contains(name, "0900")
		return c
	}
	parts := strings.Split(name, "_")
	has := func(w string) bool {
		for _, p := range parts {
			if p == w {
				return true
			}
		}
		return false
	}
	c.PadSpace = !has("0900") && !has("nopad")
	c.CaseInsensitive = has("ci")
	c.AccentInsensitive = has("ai") || has("ci") && !has("as")
	return c
}
