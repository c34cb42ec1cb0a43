package check

import (
	"context"
	"slices"
	"strings"

	"godwit/runner/change"
)

// checkZeroDates tells columns that may hold zero dates and whose policy is to stop.
func checkZeroDates(ctx context.Context, s *sourceEnd) (outcome, error) {
	mode := "," + strings.ToUpper(s.vars["sql_mode"]) + ","
	if strings.Contains(mode, ",NO_ZERO_DATE,") && strings.Contains(mode, ",NO_ZERO_IN_DATE,") && strings.Contains(mode, "STRICT_") {
		return pass("the server refuses zero dates (it may hold old ones)"), nil
	}
	rows, err := s.rows(ctx, queryColumns)
	if err != nil {
		return outcome{}, err
	}
	var stop []string
	for _, r := range rows {
		if s.moved(r[0], r[1]) && slices.Contains([]string{"date", "datetime", "timestamp"}, r[3]) && s.o.Policy(r[0], r[1], r[2]).ZeroDates == change.Stop {
			stop = append(stop, r[0]+"."+r[1]+"."+r[2])
		}
	}
	if len(stop) == 0 {
		return pass("sql_mode lets zero dates in, and no column has the policy to stop at them"), nil
	}
	o := bad(Warning, "set values.zero_dates in the task, or the column's own in values.columns, to null, to a date or to except, or correct the rows",
		"sql_mode lets zero dates in, and the task stops at them in %d columns", len(stop))
	o.objects = stop
	return o, nil
}

// whole are the character sets in which no stored bytes are without a character. Servers check UTF-8 and UTF-16 when they
// store it, and the others have a character for each of the 256 bytes.
var whole = []string{"utf8mb4", "utf8mb3", "utf8", "utf16", "utf16le", "latin1", "latin2", "latin5", "latin7", "cp850", "cp852", "cp866",
	"koi8r", "koi8u", "armscii8", "keybcs2", "macce", "macroman", "binary"}

// checkInvalidText tells columns that may hold bytes that are no text and whose policy is to stop.
func checkInvalidText(ctx context.Context, s *sourceEnd) (outcome, error) {
	rows, err := s.rows(ctx, queryColumns)
	if err != nil {
		return outcome{}, err
	}
	var stop []string
	for _, r := range rows {
		charset := r[6]
		label := r[3] == "enum" || r[3] == "set" // the server prints '?' for what is no text in them
		if charset == "" || label && !strings.Contains(r[4], "?") || slices.Contains(whole, charset) || !s.moved(r[0], r[1]) {
			continue
		}
		if s.o.Policy(r[0], r[1], r[2]).InvalidText == change.Stop {
			stop = append(stop, r[0]+"."+r[1]+"."+r[2]+" ("+charset+")")
		}
	}
	if len(stop) > 0 {
		o := bad(Warning, "set values.invalid_text in the task, or the column's own in values.columns, to replace or except; in keys, correct the rows",
			"the server stores any bytes in the character sets of %d columns, also those that are no text; whether it has is not examined", len(stop))
		o.objects = stop
		return o, nil
	}
	if s.flavor == "mariadb" {
		return pass("no column may hold invalid text at which the task stops, other than surrogates in utf8, which MariaDB stores"), nil
	}
	return pass("no column may hold invalid text at which the task stops"), nil
}
