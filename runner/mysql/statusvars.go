package mysql

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// ranUnder is what the log tells of the session that ran a statement.
type ranUnder struct {
	mode    uint64 // sql_mode, a bit each
	client  uint16 // id of the collation of character_set_client; 0 if not told
	hasMode bool
	zone    string // of the session, "" if not told
	micros  uint32 // of the moment at which the statement began
	fine    bool   // micros are told
}

// Codes of the status variables of a statement's event, in front of their values.
// See https://dev.mysql.com/doc/dev/mysql-server/latest/classbinary__log_1_1Query__event.html
const (
	varFlags2        = 0
	varMode          = 1
	varAutoIncrement = 3
	varCharset       = 4
	varTimeZone      = 5
	varCatalog       = 6
	varNames         = 7 // of days and months
	varDatabase      = 8 // its charset
	varTableMap      = 9
	varWritten       = 10
	varInvoker       = 11
	varDatabases     = 12 // that are changed
	varMicros        = 13
	varMariaMicros   = 128
)

// readVars reads the variables up to the first one whose length is not known; those that matter come before.
func readVars(b []byte) ranUnder {
	var s ranUnder
	for len(b) > 1 {
		code, rest := b[0], b[1:]
		n := varLength(code, rest)
		if n < 0 || len(rest) < n {
			return s
		}
		switch code {
		case varTimeZone:
			s.zone = string(rest[1:n])
		case varMicros, varMariaMicros:
			s.micros, s.fine = uint32(rest[0])|uint32(rest[1])<<8|uint32(rest[2])<<16, true
		case varMode:
			s.mode, s.hasMode = binary.LittleEndian.Uint64(rest), true
		case varCharset:
			s.client = binary.LittleEndian.Uint16(rest)
		}
		b = rest[n:]
	}
	return s
}

// varLength is the length of a variable's value, -1 if it is not known.
func varLength(code byte, rest []byte) int {
	switch code {
	case varFlags2, varAutoIncrement, varWritten:
		return 4
	case varMode, varTableMap:
		return 8
	case varCharset:
		return 6
	case varNames, varDatabase:
		return 2
	case varMicros, varMariaMicros:
		return 3
	case varTimeZone, varCatalog:
		return 1 + int(rest[0])
	case varInvoker: // user and host
		n := 1 + int(rest[0])
		if n >= len(rest) {
			return -1
		}
		return n + 1 + int(rest[n])
	case varDatabases:
		n := 1
		for i := 0; rest[0] != 254 && i < int(rest[0]); i++ { // 254: too many to be listed
			end := bytes.IndexByte(rest[n:], 0)
			if end < 0 {
				return -1
			}
			n += end + 1
		}
		return n
	}
	return -1
}

// Bits of sql_mode that change how a statement is read.
const (
	modeANSIQuotes = 2
	modeNoEscapes  = 20
)

func (s ranUnder) has(bit uint) bool { return s.mode>>bit&1 != 0 }

// modes are the bits of sql_mode that both families share.
var modes = [...]struct {
	bit  uint
	name string
}{
	{0, "REAL_AS_FLOAT"}, {1, "PIPES_AS_CONCAT"}, {2, "ANSI_QUOTES"}, {3, "IGNORE_SPACE"}, {5, "ONLY_FULL_GROUP_BY"},
	{6, "NO_UNSIGNED_SUBTRACTION"}, {9, "ORACLE"}, {19, "NO_AUTO_VALUE_ON_ZERO"}, {20, "NO_BACKSLASH_ESCAPES"},
	{21, "STRICT_TRANS_TABLES"}, {22, "STRICT_ALL_TABLES"}, {23, "NO_ZERO_IN_DATE"}, {24, "NO_ZERO_DATE"}, {25, "ALLOW_INVALID_DATES"},
	{26, "ERROR_FOR_DIVISION_BY_ZERO"}, {29, "HIGH_NOT_PRECEDENCE"}, {30, "NO_ENGINE_SUBSTITUTION"}, {31, "PAD_CHAR_TO_FULL_LENGTH"},
}

// sqlMode is the mode as SET sql_mode takes it.
func (s ranUnder) sqlMode() string {
	var names []string
	for _, m := range modes {
		if s.mode>>m.bit&1 != 0 {
			names = append(names, m.name)
		}
	}
	return strings.Join(names, ",")
}

// readable tells that a statement's bytes are UTF-8: they are in the client's character set.
func (s ranUnder) readable(text []byte) bool {
	ascii := true
	for _, c := range text {
		ascii = ascii && c < 0x80
	}
	id := s.client
	return ascii || id == 33 || id == 83 || id >= 192 && id <= 215 || id == 223 || // utf8mb3
		id == 45 || id == 46 || id >= 224 && id <= 247 || id >= 255 && id <= 323 || id >= 608 && id <= 640 || id >= 2304 && id <= 2560 // utf8mb4
}
