package verify

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"godwit/ir/types"
)

// Values are the mover's policies for values that PostgreSQL cannot hold, in the words of the task file. A replaced
// value is expected on the target; everything else that differs is a difference.
type Values struct {
	ZeroDates string // "stop" (or empty), "null", or the date that replaces dates whose year, month or day is zero
	NUL       string // "stop" (or empty), "strip", or "replace:X"
}

func (v Values) validate() error {
	switch v.ZeroDates {
	case "", "stop", "null":
	default:
		if _, err := time.Parse(time.DateOnly, v.ZeroDates); err != nil {
			return fmt.Errorf("policy for zero dates %q: use stop, null or a date", v.ZeroDates)
		}
	}
	switch {
	case v.NUL == "", v.NUL == "stop", v.NUL == "strip", strings.HasPrefix(v.NUL, "replace:"):
		return nil
	}
	return fmt.Errorf("policy for NUL characters %q: use stop, strip or replace:X", v.NUL)
}

// text is a text column of the source in UTF-8, without NUL characters if the policy takes them away.
func (v Values) text(m, charset string) string {
	e := asUTF8(m, charset)
	if v.NUL == "" || v.NUL == "stop" {
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
	case v.ZeroDates == "" || v.ZeroDates == "stop":
		return text
	case v.ZeroDates == "null":
	case day:
		with = "'" + v.ZeroDates + "'"
	default:
		with = "'" + v.ZeroDates + " 00:00:00'"
	}
	return fmt.Sprintf("IF(YEAR(%s) = 0 OR MONTH(%s) = 0 OR DAYOFMONTH(%s) = 0, %s, %s)", m, m, m, with, text)
}
