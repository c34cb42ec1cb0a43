package resolve

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// plainTime is a time that every dialect reads alike: up to 838 hours, minutes and seconds of two digits.
var plainTime = regexp.MustCompile(`^-?(?:[0-9]{1,2}|0[0-9]{2}|[1-7][0-9]{2}|8[0-2][0-9]|83[0-8]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$`)

var plainDate = regexp.MustCompile(`^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(\.[0-9]{1,6})?)?)?$`)

// readTemporal reads a text as a date or date and time and writes it as YYYY-MM-DD[ HH:MM:SS[.f]]. It gives "" when the text is
// none, is a day that does not exist, or is written in one of the source's rarer ways.
func readTemporal(s string) (value string, isDate bool) {
	m := plainDate.FindStringSubmatch(s)
	if m == nil {
		if strings.Trim(s, "0123456789") == "" {
			return readDigits(s)
		}
		return "", false
	}
	return build(m[1], m[2], m[3], m[4], m[5], m[6], m[7])
}

// readDigits reads YYYYMMDD and YYYYMMDDHHMMSS.
func readDigits(s string) (value string, isDate bool) {
	switch len(s) {
	case 8:
		return build(s[:4], s[4:6], s[6:], "", "", "", "")
	case 14:
		return build(s[:4], s[4:6], s[6:8], s[8:10], s[10:12], s[12:], "")
	}
	return "", false
}

func build(y, mo, d, h, mi, s, frac string) (value string, isDate bool) {
	date := y + "-" + two(mo) + "-" + two(d)
	if y == "0000" {
		return "", false
	}
	if h == "" {
		_, err := time.Parse("2006-01-02", date)
		if err != nil {
			return "", false
		}
		return date, true
	}
	full := fmt.Sprintf("%s %s:%s:%s", date, two(h), two(mi), two(s))
	if _, err := time.Parse("2006-01-02 15:04:05", full); err != nil {
		return "", false
	}
	return full + frac, false
}

func two(s string) string {
	switch len(s) {
	case 0:
		return "00"
	case 1:
		return "0" + s
	}
	return s
}
