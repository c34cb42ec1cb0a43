package builtins

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// element is a piece of a format model of dates.
type element struct {
	text string // as written
	name string // in upper case; "" for punctuation and quoted text
	// quoted tells text in double quotes.
	quoted bool
}

// dateElements are the elements of format models of dates, longest first where one begins another (SQL Language Reference, "Datetime Format Models").
var dateElements = []string{
	"SYYYY", "YYYY", "Y,YYY", "YYY", "YY", "SYEAR", "YEAR", "Y", "IYYY", "IYY", "IYW", "IY", "IW", "I", "RRRR", "RR", "RM", "SCC", "CC", "MONTH", "MON", "MM", "MI", "DAY", "DDD", "DD", "DY", "DL", "D",
	"HH24", "HH12", "HH", "SSSSS", "SS", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FF7", "FF8", "FF9", "FF", "A.M.", "P.M.", "AM", "PM", "A.D.", "B.C.", "AD", "BC", "TZH", "TZM", "TZR",
	"TZD", "EE", "E", "WW", "W", "Q", "J", "FM", "FX", "X",
}

// suffixes stand behind elements: ordinal and spelled numbers.
var suffixes = []string{"SPTH", "THSP", "TH", "SP"}

// elements splits a format model; unknown is the first piece that is no element, "" if there is none.
func elements(model string) (list []element, unknown string) {
	for i := 0; i < len(model); {
		c := model[i]
		if c == '"' {
			end := strings.IndexByte(model[i+1:], '"')
			if end < 0 {
				return list, model[i:]
			}
			list = append(list, element{text: model[i : i+end+2], quoted: true})
			i += end + 2
			continue
		}
		if !isLetter(c) {
			if c >= 0x80 || c >= '0' && c <= '9' {
				return list, model[i:]
			}
			list = append(list, element{text: string(c)})
			i++
			continue
		}
		name := leading(model[i:], dateElements)
		if name == "" {
			return list, model[i:]
		}
		e := element{text: model[i : i+len(name)], name: name}
		i += len(name)
		if s := leading(model[i:], suffixes); s != "" && name != "FM" && name != "FX" && !begins(model[i:], name) {
			e.text += model[i : i+len(s)]
			e.name += " " + s
			i += len(s)
		}
		list = append(list, e)
	}
	return list, ""
}

// begins tells that what follows is an element by itself and no suffix: SSSSS or DD THE...
func begins(string, string) bool { return false }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func leading(s string, names []string) string {
	for _, n := range names {
		if len(s) >= len(n) && strings.EqualFold(s[:len(n)], n) {
			return n
		}
	}
	return ""
}

// shared are the elements that to_char of the target writes in the same way.
var shared = map[string]bool{"YYYY": true, "YYY": true, "YY": true, "Y": true, "Q": true, "MM": true, "DD": true, "DDD": true, "HH24": true, "HH12": true, "HH": true, "MI": true, "SS": true,
	"AM": true, "PM": true, "A.M.": true, "P.M.": true, "IYYY": true, "IYY": true, "IY": true, "IW": true, "WW": true, "W": true, "J": true,
	"FF1": true, "FF2": true, "FF3": true, "FF4": true, "FF5": true, "FF6": true}

// names are the elements that write names; the case of the first two letters says how.
var names = map[string]bool{"MONTH": true, "MON": true, "DAY": true, "DY": true}

// targetModel is the target's format for to_char with the same result; ok is false if there is none. sundays tells that weeks begin on Sunday.
func targetModel(model string, sundays bool) (out string, ok bool) {
	list, unknown := elements(model)
	if unknown != "" {
		return "", false
	}
	var b strings.Builder
	fill := false
	for _, e := range list {
		name, suffix, _ := strings.Cut(e.name, " ")
		switch {
		case e.quoted:
			if strings.ContainsAny(e.text, `\`) {
				return "", false
			}
			b.WriteString(e.text)
		case name == "":
			if strings.ContainsAny(e.text, `\`) {
				return "", false
			}
			b.WriteString(e.text)
		case name == "FM":
			fill = !fill
		case suffix != "" && suffix != "TH":
			return "", false
		case shared[name], name == "D" && sundays:
			if (name == "AM" || name == "PM" || name == "A.M." || name == "P.M.") && e.text != strings.ToUpper(e.text) && e.text != strings.ToLower(e.text) {
				return "", false
			}
			if fill {
				b.WriteString("FM")
			}
			if suffix == "TH" && (strings.HasPrefix(name, "FF") || name == "Y") {
				return "", false
			}
			b.WriteString(elementText(e.text, name, suffix))
		case names[name]:
			t, ok := nameCase(e.text)
			if !ok || suffix != "" {
				return "", false
			}
			if fill {
				b.WriteString("FM")
			}
			b.WriteString(t)
		case name == "RR":
			b.WriteString("YY")
		case name == "RRRR":
			b.WriteString("YYYY")
		case name == "X":
			b.WriteString(".")
		default:
			return "", false
		}
	}
	return b.String(), true
}

// elementText is an element that the target reads the same: it takes it in upper case only, and a suffix in the case of its own letters, where the
// source goes by the first two letters of the element.
func elementText(text, name, suffix string) string {
	if name[0] == 'A' || name[0] == 'P' {
		return text // AM, P.M.
	}
	if suffix != "" && !(unicode.IsUpper(rune(text[0])) && unicode.IsUpper(rune(text[1]))) {
		suffix = strings.ToLower(suffix)
	}
	return strings.ToUpper(name) + suffix
}

// nameCase is a name's element in the case that its first two letters ask for.
func nameCase(s string) (string, bool) {
	switch {
	case unicode.IsUpper(rune(s[0])) && unicode.IsUpper(rune(s[1])):
		return strings.ToUpper(s), true
	case unicode.IsUpper(rune(s[0])):
		return s[:1] + strings.ToLower(s[1:]), true
	}
	return strings.ToLower(s), true
}

// ReadMoment tells what becomes of TO_DATE (or, if date is false, of TO_TIMESTAMP) of a literal text and model: the moment, if the two texts
// tell it; else calls says that a routine reads it, and not that the model is refused.
func ReadMoment(text, model string, date bool) (moment string, calls bool) {
	if moment, ok := readLiteral(text, model, !date); ok {
		return moment, false
	}
	_, unknown := elements(model)
	return "", unknown == "" && !(date && strings.Contains(model, "FF"))
}

// readLiteral reads a literal date by a model of plain fields; ok is false where the outcome depends on more than the two texts, or is an error.
func readLiteral(text, model string, fraction bool) (out string, ok bool) {
	list, unknown := elements(model)
	if unknown != "" {
		return "", false
	}
	f := map[string]int{}
	rest := text
	for i, e := range list {
		switch e.name {
		case "YYYY", "MM", "DD", "HH24", "MI", "SS":
			n := map[string]int{"YYYY": 4}[e.name]
			if n == 0 {
				n = 2
			}
			if _, twice := f[e.name]; twice {
				return "", false
			}
			k := 0
			for k < n && k < len(rest) && rest[k] >= '0' && rest[k] <= '9' {
				k++
			}
			separated := i+1 == len(list) || list[i+1].name == ""
			if k == 0 || k < n && (!separated || e.name == "YYYY") {
				return "", false
			}
			v := 0
			_, _ = fmt.Sscanf(rest[:k], "%d", &v)
			f[e.name], rest = v, rest[k:]
		case "MON":
			if len(rest) < 3 {
				return "", false
			}
			m := strings.Index("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", strings.ToUpper(rest[:3]))
			if _, twice := f["MM"]; twice || m < 0 || m%3 != 0 || len(rest) > 3 && isLetter(rest[3]) {
				return "", false
			}
			f["MM"], rest = m/3+1, rest[3:]
		case "":
			if e.quoted || rest == "" || rest[0] != e.text[0] {
				return "", false
			}
			rest = rest[1:]
		default:
			return "", false
		}
	}
	y, okY := f["YYYY"]
	m, okM := f["MM"]
	d, okD := f["DD"]
	if rest != "" || !okY || !okM || !okD || y < 1583 || f["HH24"] > 23 || f["MI"] > 59 || f["SS"] > 59 {
		return "", false
	}
	t := time.Date(y, time.Month(m), d, f["HH24"], f["MI"], f["SS"], 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", false
	}
	if f["HH24"]+f["MI"]+f["SS"] == 0 {
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02 15:04:05"), true
}

// numberModel tells that the elements of a format model of numbers are known (SQL Language Reference, "Number Format Models").
func numberModel(model string) bool {
	m := strings.ToUpper(model)
	m = strings.TrimPrefix(m, "FM")
	switch m {
	case "TM", "TM9", "TME", "RN":
		return true
	}
	for _, w := range []string{"EEEE", "MI", "PR"} {
		m = strings.Replace(m, w, "", 1)
	}
	return strings.Trim(m, "09,.$BCDGLSUVX") == ""
}
