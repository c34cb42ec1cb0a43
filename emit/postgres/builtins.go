package postgres

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// builtins are functions of PostgreSQL 15 to 18 whose names are free on the source, with the classes of their arguments: n number, t text,
// d date or time, b bytes, j document, a anything. A call without a schema finds them before a routine of that name, or
// instead of it.
var builtins = map[string][]string{
	"acosd":                {"n"},
	"acosh":                {"n"},
	"age":                  {"d", "dd"},
	"asind":                {"n"},
	"asinh":                {"n"},
	"atan2d":               {"nn"},
	"atand":                {"n"},
	"atanh":                {"n"},
	"bool":                 {"j", "n"},
	"cardinality":          {"a"},
	"casefold":             {"t"},
	"cbrt":                 {"n"},
	"chr":                  {"n"},
	"cosd":                 {"n"},
	"cosh":                 {"n"},
	"cotd":                 {"n"},
	"crc32c":               {"b"},
	"date_bin":             {"ddd"},
	"date_part":            {"td"},
	"date_subtract":        {"dd", "ddt"},
	"date_trunc":           {"td", "tdt"},
	"daterange":            {"dd", "ddt"},
	"div":                  {"nn"},
	"erf":                  {"n"},
	"erfc":                 {"n"},
	"factorial":            {"n"},
	"gamma":                {"n"},
	"gcd":                  {"nn"},
	"generate_series":      {"ddd", "dddt", "nn", "nnn"},
	"generate_subscripts":  {"an"},
	"initcap":              {"t"},
	"is_normalized":        {"tt"},
	"isempty":              {"a"},
	"isfinite":             {"d"},
	"justify_days":         {"d"},
	"justify_hours":        {"d"},
	"justify_interval":     {"d"},
	"lcm":                  {"nn"},
	"lgamma":               {"n"},
	"make_date":            {"nnn"},
	"make_interval":        {"nnnnnnn"},
	"make_time":            {"nnn"},
	"make_timestamp":       {"nnnnnn"},
	"make_timestamptz":     {"nnnnnn", "nnnnnnt"},
	"min_scale":            {"n"},
	"money":                {"n"},
	"name":                 {"t"},
	"normalize":            {"tt"},
	"numeric":              {"j", "n", "nn"},
	"numrange":             {"nn", "nnt"},
	"percentile_cont":      {"nd", "nn"},
	"percentile_disc":      {"na"},
	"phraseto_tsquery":     {"t"},
	"plainto_tsquery":      {"t"},
	"random":               {"nn"},
	"random_normal":        {"nn"},
	"scale":                {"n"},
	"setseed":              {"n"},
	"sha224":               {"b"},
	"sha256":               {"b"},
	"sha384":               {"b"},
	"sha512":               {"b"},
	"sind":                 {"n"},
	"sinh":                 {"n"},
	"split_part":           {"ttn"},
	"starts_with":          {"tt"},
	"string_agg":           {"bb", "tt"},
	"string_to_array":      {"tt", "ttt"},
	"string_to_table":      {"tt", "ttt"},
	"strpos":               {"tt"},
	"tand":                 {"n"},
	"tanh":                 {"n"},
	"text":                 {"t"},
	"to_ascii":             {"t", "tn", "tt"},
	"to_bin":               {"n"},
	"to_char":              {"dt", "nt"},
	"to_date":              {"tt"},
	"to_hex":               {"n"},
	"to_json":              {"a"},
	"to_jsonb":             {"a"},
	"to_number":            {"tt"},
	"to_oct":               {"n"},
	"to_timestamp":         {"n", "tt"},
	"to_tsquery":           {"t"},
	"to_tsvector":          {"j", "t"},
	"translate":            {"ttt"},
	"trim_array":           {"an"},
	"trim_scale":           {"n"},
	"unistr":               {"t"},
	"unnest":               {"a"},
	"websearch_to_tsquery": {"t"},
	"width_bucket":         {"aa", "nnnn"},
}

// hidden tells that calls of a routine may reach a function of the server instead.
func hidden(name string, r *catalog.Routine) bool {
	for _, signature := range builtins[name] {
		if len(signature) != len(r.Params) {
			continue
		}
		same := true
		for i, p := range r.Params {
			same = same && (signature[i] == 'a' || signature[i] == argumentClass(p.Type))
		}
		if same {
			return true
		}
	}
	return false
}

func argumentClass(t types.Type) byte {
	switch t.(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Bool:
		return 'n'
	case types.Text, types.Set:
		return 't'
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		return 'd'
	case types.Binary:
		return 'b'
	case types.JSON:
		return 'j'
	}
	return 'x'
}
