package resolve

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/types"
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

// looseDate and looseTime are the other forms of DATE, TIMESTAMP and TIME literals (MySQL Reference Manual, "Date and Time Literals").
var (
	looseDate    = regexp.MustCompile(`^([0-9]{2}|[0-9]{4})[-/.:]([0-9]{1,2})[-/.:]([0-9]{1,2})(?:[ T]([0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\.[0-9]+)?)?))?$`)
	spanOfDays   = regexp.MustCompile(`^(-?)([0-9]{1,2}) ([0-9]{1,2})((?::[0-9]{1,2}){0,2}(?:\.[0-9]+)?)$`)
	digitsOfTime = regexp.MustCompile(`^(-?)([0-9]{1,3}?)([0-9]{2})([0-9]{2})(\.[0-9]+)?$`)
)

// plainLiteral is the value of a literal in a form that the target reads as the source does.
func plainLiteral(t *ir.Temporal) string {
	switch t.Kind.(type) {
	case types.Time:
		return writtenTime(t.Value)
	case types.Date, types.DateTime, types.Timestamp:
		if strings.Trim(t.Value, "0123456789") == "" {
			if v, _ := readDigits(t.Value); v != "" {
				return v
			}
			return t.Value
		}
		m := looseDate.FindStringSubmatch(t.Value)
		if m == nil {
			return t.Value
		}
		y := m[1]
		if len(y) == 2 && y >= "70" {
			y = "19" + y
		} else if len(y) == 2 {
			y = "20" + y
		}
		v := y + "-" + two(m[2]) + "-" + two(m[3])
		if m[4] != "" {
			v += " " + m[4]
		}
		return v
	}
	return t.Value
}

// writtenTime counts days as hours, and reads digits without colons as HHMMSS.
func writtenTime(s string) string {
	if m := spanOfDays.FindStringSubmatch(s); m != nil {
		days, _ := strconv.Atoi(m[2])
		hours, _ := strconv.Atoi(m[3])
		rest := m[4]
		if !strings.Contains(rest, ":") {
			rest = ":00:00" + rest
		}
		return m[1] + two(strconv.Itoa(24*days+hours)) + rest
	}
	if m := digitsOfTime.FindStringSubmatch(s); m != nil {
		return m[1] + two(m[2]) + ":" + m[3] + ":" + m[4] + m[5]
	}
	return s
}
