package resolve

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/diag"
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

// Dates, moments and times as literals write them (MySQL Reference Manual, "Date and Time Literals").
var (
	looseDate    = regexp.MustCompile(`^([0-9]{1,4})[!-/:-@^]([0-9]{1,2})[!-/:-@^]([0-9]{1,2})(?:(?:T| +)(.+))?$`)
	shortYear    = regexp.MustCompile(`^([0-9]{2}[0-9]{2}[0-9]{2}(?:[0-9]{6})?)(\.[0-9]+)?$`)
	clock        = regexp.MustCompile(`^([0-9]{1,2})(?:[!-*,./:-@^]([0-9]{1,2})(?:[!-*,./:-@^]([0-9]{1,2})(\.[0-9]*)?)?)?$`)
	spanOfDays   = regexp.MustCompile(`^(-?)([0-9]{1,2}) ([0-9]{1,2})(?::([0-9]{1,2}))?(?::([0-9]{1,2}))?(\.[0-9]*)?$`)
	spanOfHours  = regexp.MustCompile(`^(-?)([0-9]{1,3}):([0-9]{1,2})(?::([0-9]{1,2}))?(\.[0-9]*)?$`)
	digitsOfTime = regexp.MustCompile(`^(-?)([0-9]{1,11})(\.[0-9]*)?$`)
)

var oddLiteral = &diag.Code{
	ID: "EX0886", Title: "date or time literal that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The literal is no date or time to the source, or is written in a form that the target would read as another one.",
	Next: "Write it as 'YYYY-MM-DD', 'hh:mm:ss' or 'YYYY-MM-DD hh:mm:ss'.",
	Each: 0.05,
}

// readLiteral gives a literal the form that the target reads as the source does, or refuses it.
func (r *Resolver) readLiteral(e *ir.Temporal) {
	v, ok := plainLiteral(e)
	if !ok {
		r.fail(oddLiteral, e.Span, "the literal '%s' is no plain date or time", e.Value)
		return
	}
	e.Value = v
}

func plainLiteral(t *ir.Temporal) (string, bool) {
	s := strings.Trim(t.Value, " ")
	switch t.Kind.(type) {
	case types.Time:
		return writtenTime(s)
	case types.Date:
		v, rest := writtenDate(s)
		return v, v != "" && rest == ""
	case types.DateTime, types.Timestamp:
		v, rest := writtenDate(s)
		m := clock.FindStringSubmatch(rest)
		if v == "" || m == nil || m[1] > "23" && len(m[1]) == 2 {
			return "", false
		}
		return joined(v+" "+two(m[1]), m[2], m[3], m[4])
	}
	return t.Value, true
}

// writtenDate is the date at the beginning of a text, with what follows it. Dates with a zero part are left to what stores them.
func writtenDate(s string) (date, rest string) {
	y, mo, d, whole := "", "", "", s
	if m := looseDate.FindStringSubmatch(s); m != nil {
		y, mo, d, rest = m[1], two(m[2]), two(m[3]), m[4]
	} else {
		if shortYear.MatchString(s) {
			s = ofTwo(s[:2]) + s[2:]
		}
		digits, frac, _ := strings.Cut(s, ".")
		if strings.Trim(digits, "0123456789") != "" || len(digits) != 8 && len(digits) != 14 || len(digits) == 8 && digits != s {
			return "", ""
		}
		y, mo, d = digits[:4], digits[4:6], digits[6:8]
		if len(digits) == 14 {
			rest = digits[8:10] + ":" + digits[10:12] + ":" + digits[12:] + "." + frac
		}
	}
	if len(y) == 2 {
		y = ofTwo(y)
	}
	date = strings.Repeat("0", 4-len(y)) + y + "-" + mo + "-" + d
	if date[:4] == "0000" || mo == "00" || d == "00" {
		return date, rest
	}
	if _, err := time.Parse("2006-01-02", date); err != nil {
		if strings.HasPrefix(whole, date) {
			return date, rest // both servers reject it
		}
		return "", ""
	}
	return date, rest
}

// ofTwo is a year of two digits in full.
func ofTwo(y string) string {
	if y >= "70" {
		return "19" + y
	}
	return "20" + y
}

// writtenTime counts days as hours, and reads digits without colons as HHMMSS.
func writtenTime(s string) (string, bool) {
	if m := spanOfDays.FindStringSubmatch(s); m != nil {
		days, _ := strconv.Atoi(m[2])
		hours, _ := strconv.Atoi(m[3])
		if hours > 23 || m[4] == "" && len(m[3]) == 1 && len(m[6]) < 2 { // '1 1' is none to the source, '1 1.5' is one
			return "", false
		}
		return span(m[1], 24*days+hours, m[4], m[5], m[6])
	}
	if m := spanOfHours.FindStringSubmatch(s); m != nil {
		hours, _ := strconv.Atoi(m[2])
		return span(m[1], hours, m[3], m[4], m[5])
	}
	if m := digitsOfTime.FindStringSubmatch(s); m != nil {
		n := strings.Repeat("0", max(6-len(m[2]), 0)) + m[2]
		at := len(n) - 4
		hours, _ := strconv.Atoi(n[:at])
		return span(m[1], hours, n[at:at+2], n[at+2:], m[3])
	}
	return "", false
}

func span(sign string, hours int, minutes, seconds, frac string) (string, bool) {
	v, ok := joined(sign+two(strconv.Itoa(hours)), minutes, seconds, frac)
	return v, ok && plainTime.MatchString(v) && !(strings.Contains(v, "838:59:59.") && strings.Trim(frac, ".0") != "")
}

// joined ends a time. Of a fraction of more than six digits it takes six where every engine does, some of them round.
func joined(hour, minutes, seconds, frac string) (string, bool) {
	minutes, seconds = two(minutes), two(seconds)
	if minutes > "59" || seconds > "59" {
		return "", false
	}
	if len(frac) > 7 {
		if frac[7] >= '5' {
			return "", false
		}
		frac = frac[:7]
	}
	return hour + ":" + minutes + ":" + seconds + strings.TrimSuffix(frac, "."), true
}
