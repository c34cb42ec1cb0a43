package verify

import (
	"encoding/hex"
	"fmt"
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// Values are the mover's policies for values that PostgreSQL cannot hold, in the words of the task file. A replaced
// value is expected on the target; everything else that differs is a difference.
type Values change.Policy

func (v Values) validate() error { return change.Policy(v).Validate() }

// Of are the policies of one column.
// A row that was set aside is not on the target, and is told as missing.
func (v Values) Of(t *catalog.Table, column string) Values {
	out := change.Policy(v).Of(t, column)
	for _, p := range []*string{&out.ZeroDates, &out.NUL, &out.InvalidText} {
		if *p == change.Except {
			*p = change.Stop
		}
	}
	return Values(out)
}

// text is a text column of the source in UTF-8, without NUL characters if the policy takes them away.
func (v Values) text(m, charset string) string {
	e := asUTF8(m, charset)
	if v.NUL == "" || v.NUL == change.Stop {
		return e
	}
	with := strings.TrimPrefix(v.NUL, "replace:")
	if v.NUL == "strip" {
		with = ""
	}
	return "REPLACE(" + e + ", x'00', x'" + hex.EncodeToString([]byte(with)) + "')"
}

// date is a date column's text with zero dates replaced.
func (v Values) date(m, text string, typ types.Type) string {
	with := "NULL"
	switch _, day := typ.(types.Date); {
	case v.ZeroDates == "" || v.ZeroDates == change.Stop:
		return text
	case v.ZeroDates == "null":
	case day:
		with = "'" + v.ZeroDates + "'"
	default:
		with = "'" + v.ZeroDates + " 00:00:00'"
	}
	return fmt.Sprintf("IF(YEAR(%s) = 0 OR MONTH(%s) = 0 OR DAYOFMONTH(%s) = 0, %s, %s)", m, m, m, with, text)
}
