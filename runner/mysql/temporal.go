package mysql

import (
	"encoding/binary"
	"time"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// Dates and times are taken apart by their digits and never go through a calendar: a zero date, the 31st of February
// and hour 838 must come out as they were stored.

func appendDate(dst []byte, u uint64) []byte {
	return appendYMD(dst, u>>9, u>>5&15, u&31)
}

func appendYMD(dst []byte, y, m, d uint64) []byte {
	dst = append(appendDigits(dst, y, 4), '-')
	dst = append(appendDigits(dst, m, 2), '-')
	return appendDigits(dst, d, 2)
}

func appendHMS(dst []byte, h, m, s uint64) []byte {
	dst = append(appendDigits(dst, h, 2), ':')
	dst = append(appendDigits(dst, m, 2), ':')
	return appendDigits(dst, s, 2)
}

// appendFraction writes the fraction of a second, given in the unit of its stored bytes.
func appendFraction(dst []byte, stored uint64, precision int) []byte {
	if precision == 0 {
		return dst
	}
	if precision%2 == 1 { // stored with one digit more
		stored /= 10
	}
	return appendDigits(append(dst, '.'), stored, precision)
}

func (v *logValue) appendDateTime(dst, b []byte) []byte {
	if v.kind == mysql.MYSQL_TYPE_DATETIME { // YYYYMMDDHHMMSS as a number, before MySQL 5.6
		u := little(b)
		d, t := u/1000000, u%1000000
		dst = append(appendYMD(dst, d/10000, d/100%100, d%100), ' ')
		return appendHMS(dst, t/10000, t/100%100, t%100)
	}
	u := bigEndian(b[:5]) - 0x8000000000
	ymd, hms := u>>17, u&(1<<17-1)
	dst = append(appendYMD(dst, ymd>>5/13, ymd>>5%13, ymd&31), ' ')
	dst = appendHMS(dst, hms>>12, hms>>6&63, hms&63)
	return appendFraction(dst, bigEndian(b[5:]), int(v.meta))
}

func (v *logValue) appendTimestamp(dst, b []byte) []byte {
	var sec, frac uint64
	precision := 0
	if v.kind == mysql.MYSQL_TYPE_TIMESTAMP {
		sec = uint64(binary.LittleEndian.Uint32(b))
	} else {
		sec, frac, precision = bigEndian(b[:4]), bigEndian(b[4:]), int(v.meta)
	}
	if sec == 0 {
		dst = append(dst, "0000-00-00 00:00:00"...)
	} else {
		dst = time.Unix(int64(sec), 0).UTC().AppendFormat(dst, time.DateTime)
	}
	return appendFraction(dst, frac, precision)
}

// appendTime reads a TIME: three bytes hour, minute, second with an offset for the sign, then the fraction; a negative
// value is stored as a negative number of all its bits.
func (v *logValue) appendTime(dst, b []byte) []byte {
	if v.kind == mysql.MYSQL_TYPE_TIME { // HHMMSS as a signed number, before MySQL 5.6
		n := int64(little(b)<<40) >> 40
		if n < 0 {
			dst, n = append(dst, '-'), -n
		}
		u := uint64(n)
		return appendHMS(dst, u/10000, u/100%100, u%100)
	}
	bits := 8 * len(b)
	n := int64(bigEndian(b)) - 1<<(bits-1)
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	u := uint64(n)
	frac := u & (1<<(bits-24) - 1)
	hms := u >> (bits - 24)
	dst = appendHMS(dst, hms>>12&1023, hms>>6&63, hms&63)
	return appendFraction(dst, frac, int(v.meta))
}
