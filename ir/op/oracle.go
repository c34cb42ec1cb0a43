package op

import "strings"

// Operations with the meaning that they have in Oracle (SQL Language Reference, "Functions"), where no other operation has exactly that.
// Numbers are NUMBER unless the argument is binary; NULL in gives NULL out unless the Doc says otherwise; an empty text is NULL.
const (
	OraSubstr          Op = "ora.substr"
	OraSubstrB         Op = "ora.substrb"
	OraInstr           Op = "ora.instr"
	OraInstrB          Op = "ora.instrb"
	OraLPad            Op = "ora.lpad"
	OraRPad            Op = "ora.rpad"
	OraLTrim           Op = "ora.ltrim"
	OraRTrim           Op = "ora.rtrim"
	OraTrim            Op = "ora.trim"
	OraReplace         Op = "ora.replace"
	OraTranslate       Op = "ora.translate"
	OraInitCap         Op = "ora.initcap"
	OraASCII           Op = "ora.ascii"
	OraChr             Op = "ora.chr"
	OraSoundex         Op = "ora.soundex"
	OraLength          Op = "ora.length"
	OraLengthB         Op = "ora.lengthb"
	OraUpper           Op = "ora.upper"
	OraLower           Op = "ora.lower"
	OraUnistr          Op = "ora.unistr"
	OraRawToHex        Op = "ora.rawtohex"
	OraHexToRaw        Op = "ora.hextoraw"
	OraStandardHash    Op = "ora.standard_hash"
	OraRegexpLike      Op = "ora.regexp_like"
	OraRegexpReplace   Op = "ora.regexp_replace"
	OraRegexpSubstr    Op = "ora.regexp_substr"
	OraRegexpInstr     Op = "ora.regexp_instr"
	OraRegexpCount     Op = "ora.regexp_count"
	OraMod             Op = "ora.mod"
	OraRemainder       Op = "ora.remainder"
	OraPower           Op = "ora.power"
	OraSqrt            Op = "ora.sqrt"
	OraExp             Op = "ora.exp"
	OraLn              Op = "ora.ln"
	OraLog             Op = "ora.log"
	OraMath            Op = "ora.math"
	OraAbs             Op = "ora.abs"
	OraSign            Op = "ora.sign"
	OraCeil            Op = "ora.ceil"
	OraFloor           Op = "ora.floor"
	OraRound           Op = "ora.round"
	OraTrunc           Op = "ora.trunc"
	OraRoundDate       Op = "ora.round_date"
	OraTruncDate       Op = "ora.trunc_date"
	OraBitAnd          Op = "ora.bitand"
	OraWidthBucket     Op = "ora.width_bucket"
	OraNaNVL           Op = "ora.nanvl"
	OraIsNaN           Op = "ora.is_nan"
	OraIsInfinite      Op = "ora.is_infinite"
	OraBinToNum        Op = "ora.bin_to_num"
	OraGreatest        Op = "ora.greatest"
	OraLeast           Op = "ora.least"
	OraToChar          Op = "ora.to_char"
	OraToDate          Op = "ora.to_date"
	OraToTimestamp     Op = "ora.to_timestamp"
	OraToTimestampTZ   Op = "ora.to_timestamp_tz"
	OraToNumber        Op = "ora.to_number"
	OraToDSInterval    Op = "ora.to_dsinterval"
	OraToYMInterval    Op = "ora.to_yminterval"
	OraNumToDSInterval Op = "ora.numtodsinterval"
	OraNumToYMInterval Op = "ora.numtoyminterval"
	OraIsValid         Op = "ora.validate_conversion"
	OraSysDate         Op = "ora.sysdate"
	OraSysTimestamp    Op = "ora.systimestamp"
	OraLocalTimestamp  Op = "ora.localtimestamp"
	OraAddMonths       Op = "ora.add_months"
	OraMonthsBetween   Op = "ora.months_between"
	OraLastDay         Op = "ora.last_day"
	OraNextDay         Op = "ora.next_day"
	OraExtract         Op = "ora.extract"
	OraFromTZ          Op = "ora.from_tz"
	OraUTC             Op = "ora.sys_extract_utc"
	OraNewTime         Op = "ora.new_time"
	OraTZOffset        Op = "ora.tz_offset"
	OraSessionZone     Op = "ora.sessiontimezone"
	OraAddDays         Op = "ora.add_days"
	OraDaysBetween     Op = "ora.days_between"
	OraSpan            Op = "ora.timestamp_diff"
	OraAddInterval     Op = "ora.add_interval"
	OraAddMonthsSpan   Op = "ora.add_interval_months"
	OraUser            Op = "ora.user"
	OraSysContext      Op = "ora.sys_context"
	OraUserEnv         Op = "ora.userenv"
	OraSysGUID         Op = "ora.sys_guid"
	OraSQLCode         Op = "ora.sqlcode"
	OraSQLErrM         Op = "ora.sqlerrm"
	OraRaise           Op = "ora.raise_application_error"
	OraSupplied        Op = "ora.supplied"
	OraConnectPath     Op = "ora.sys_connect_by_path"
	OraListAgg         Op = "ora.listagg"
	OraMedian          Op = "ora.median"
	OraPercentileCont  Op = "ora.percentile_cont"
	OraPercentileDisc  Op = "ora.percentile_disc"
	OraRatio           Op = "ora.ratio_to_report"
	OraStatsMode       Op = "ora.stats_mode"
	OraGroupingID      Op = "ora.grouping_id"
	OraGroupID         Op = "ora.group_id"
	OraStdDev          Op = "ora.stddev"
	OraVariance        Op = "ora.variance"
	OraCovarPop        Op = "ora.covar_pop"
	OraCovarSamp       Op = "ora.covar_samp"
	OraCorr            Op = "ora.corr"
	OraRegression      Op = "ora.regression"
	OraCollect         Op = "ora.collect"
	OraBits            Op = "ora.bits"
	OraBooleans        Op = "ora.booleans"
	OraXMLAgg          Op = "ora.xmlagg"
	OraWMConcat        Op = "ora.wm_concat"
)

const oraPrefix = "ora."

// IsOra tells the operations of Oracle.
func IsOra(o Op) bool { return strings.HasPrefix(string(o), oraPrefix) }

// oracleOps are Oracle's operations. Their result types depend on more than the arguments and are told by the resolver.
func oracleOps() []Info {
	list := []Info{
		{Op: OraSubstr, Min: 2, Max: 3, Doc: "Characters from a position, 0 as 1, counted from the end if below 0; NULL behind the end or for a length below 1."},
		{Op: OraSubstrB, Min: 2, Max: 3, Doc: "As SUBSTR, in bytes."},
		{Op: OraInstr, Min: 2, Max: 4, CanRaise: true, Doc: "The position of the n-th occurrence from a position on, backwards if below 0; 0 if there is none."},
		{Op: OraInstrB, Min: 2, Max: 4, CanRaise: true, Doc: "As INSTR, in bytes."},
		{Op: OraLPad, Min: 2, Max: 3, Doc: "Filled on the left to a length, or cut to it."},
		{Op: OraRPad, Min: 2, Max: 3, Doc: "Filled on the right to a length, or cut to it."},
		{Op: OraLTrim, Min: 1, Max: 2, Doc: "Without leading characters of a set."},
		{Op: OraRTrim, Min: 1, Max: 2, Doc: "Without trailing characters of a set."},
		{Op: OraTrim, Min: 1, Max: 2, CanRaise: true, Doc: "Without a character at the sides that Word names."},
		{Op: OraReplace, Min: 2, Max: 3, Nulls: NullOwn, Doc: "Each occurrence replaced; a replacement of NULL removes, a search of NULL does nothing."},
		{Op: OraTranslate, Min: 3, Max: 3, Doc: "Each character of the second text replaced by that at its place in the third."},
		{Op: OraInitCap, Min: 1, Max: 1, Doc: "The first letter of each word in upper case, the others in lower case."},
		{Op: OraASCII, Min: 1, Max: 1, Doc: "The code of the first character in the database's charset."},
		{Op: OraChr, Min: 1, Max: 1, CanRaise: true, Doc: "The character of a code."},
		{Op: OraSoundex, Min: 1, Max: 1, Doc: "The sound of an English word."},
		{Op: OraLength, Min: 1, Max: 1, Doc: "The number of characters, blanks of CHAR included."},
		{Op: OraLengthB, Min: 1, Max: 1, Doc: "The number of bytes."},
		{Op: OraUpper, Min: 1, Max: 1, Doc: "In upper case."},
		{Op: OraLower, Min: 1, Max: 1, Doc: "In lower case."},
		{Op: OraUnistr, Min: 1, Max: 1, CanRaise: true, Doc: "Text with escapes of code units."},
		{Op: OraRawToHex, Min: 1, Max: 1, Doc: "Bytes as hexadecimal digits in upper case."},
		{Op: OraHexToRaw, Min: 1, Max: 1, CanRaise: true, Doc: "Hexadecimal digits as bytes."},
		{Op: OraStandardHash, Min: 1, Max: 2, CanRaise: true, Doc: "A hash, SHA1 unless named."},
		{Op: OraRegexpLike, Min: 2, Max: 3, CanRaise: true, Doc: "Whether a regular expression matches."},
		{Op: OraRegexpReplace, Min: 2, Max: 6, Nulls: NullOwn, CanRaise: true, Doc: "Matches replaced."},
		{Op: OraRegexpSubstr, Min: 2, Max: 6, CanRaise: true, Doc: "A match."},
		{Op: OraRegexpInstr, Min: 2, Max: 7, CanRaise: true, Doc: "The position of a match."},
		{Op: OraRegexpCount, Min: 2, Max: 4, CanRaise: true, Doc: "The number of matches."},
		{Op: OraMod, Min: 2, Max: 2, Doc: "The remainder with the sign of the dividend; the dividend for a divisor of 0."},
		{Op: OraRemainder, Min: 2, Max: 2, CanRaise: true, Doc: "The dividend less the nearest multiple of the divisor."},
		{Op: OraPower, Min: 2, Max: 2, CanRaise: true, Doc: "A power."},
		{Op: OraSqrt, Min: 1, Max: 1, CanRaise: true, Doc: "The square root."},
		{Op: OraExp, Min: 1, Max: 1, CanRaise: true, Doc: "e to a power."},
		{Op: OraLn, Min: 1, Max: 1, CanRaise: true, Doc: "The natural logarithm."},
		{Op: OraLog, Min: 2, Max: 2, CanRaise: true, Doc: "The logarithm of the second number to the base of the first."},
		{Op: OraMath, Min: 1, Max: 2, CanRaise: true, Doc: "A trigonometric or hyperbolic function, told by Name."},
		{Op: OraAbs, Min: 1, Max: 1, Doc: "The absolute value."},
		{Op: OraSign, Min: 1, Max: 1, Doc: "-1, 0 or 1; of a binary number -1 or 1."},
		{Op: OraCeil, Min: 1, Max: 1, Doc: "The least whole number not below."},
		{Op: OraFloor, Min: 1, Max: 1, Doc: "The greatest whole number not above."},
		{Op: OraRound, Min: 1, Max: 2, Doc: "A number rounded half away from zero to so many places; a binary one half to even."},
		{Op: OraTrunc, Min: 1, Max: 2, Doc: "A number cut to so many places."},
		{Op: OraRoundDate, Min: 1, Max: 2, CanRaise: true, Doc: "A date rounded to a unit."},
		{Op: OraTruncDate, Min: 1, Max: 2, CanRaise: true, Doc: "A date cut to a unit."},
		{Op: OraBitAnd, Min: 2, Max: 2, CanRaise: true, Doc: "The AND of whole numbers."},
		{Op: OraWidthBucket, Min: 4, Max: 4, CanRaise: true, Doc: "The bucket of equal width."},
		{Op: OraNaNVL, Min: 2, Max: 2, Doc: "The second number where the first is no number."},
		{Op: OraIsNaN, Min: 1, Max: 1, Doc: "Whether a binary number is none; a predicate."},
		{Op: OraIsInfinite, Min: 1, Max: 1, Doc: "Whether a binary number is infinite; a predicate."},
		{Op: OraBinToNum, Min: 1, Max: -1, CanRaise: true, Doc: "The number of bits."},
		{Op: OraGreatest, Min: 1, Max: -1, Doc: "The greatest; NULL when any is NULL; text compares by bytes."},
		{Op: OraLeast, Min: 1, Max: -1, Doc: "The least; NULL when any is NULL; text compares by bytes."},
		{Op: OraToChar, Min: 1, Max: 3, Volatility: Stable, CanRaise: true, Doc: "A number or moment as text, by a format model if there is one."},
		{Op: OraToDate, Min: 1, Max: 3, Volatility: Stable, CanRaise: true, Doc: "A date of a text by a format model; fields that it lacks are those of the first of this month."},
		{Op: OraToTimestamp, Min: 1, Max: 3, Volatility: Stable, CanRaise: true, Doc: "As TO_DATE, with a fraction of the second."},
		{Op: OraToTimestampTZ, Min: 1, Max: 3, Volatility: Stable, CanRaise: true, Doc: "As TO_TIMESTAMP, with a zone."},
		{Op: OraToNumber, Min: 1, Max: 3, CanRaise: true, Doc: "A number of a text, by a format model if there is one."},
		{Op: OraToDSInterval, Min: 1, Max: 1, CanRaise: true, Doc: "An interval of days and smaller of a text."},
		{Op: OraToYMInterval, Min: 1, Max: 1, CanRaise: true, Doc: "An interval of months of a text."},
		{Op: OraNumToDSInterval, Min: 2, Max: 2, CanRaise: true, Doc: "An interval of so many of a unit."},
		{Op: OraNumToYMInterval, Min: 2, Max: 2, CanRaise: true, Doc: "An interval of so many of a unit."},
		{Op: OraIsValid, Min: 1, Max: 3, Nulls: NullNever, Volatility: Stable, Doc: "1 when a text converts to the type of the Cast that is the first argument, else 0."},
		{Op: OraSysDate, Volatility: Volatile, Nulls: NullNever, Doc: "The moment of the call in whole seconds."},
		{Op: OraSysTimestamp, Max: 1, Volatility: Volatile, Nulls: NullNever, Doc: "The moment of the call."},
		{Op: OraLocalTimestamp, Max: 1, Volatility: Volatile, Nulls: NullNever, Doc: "The moment of the call, without zone."},
		{Op: OraAddMonths, Min: 2, Max: 2, CanRaise: true, Doc: "So many months later; last days stay last."},
		{Op: OraMonthsBetween, Min: 2, Max: 2, Doc: "Months with a fraction of 31 days."},
		{Op: OraLastDay, Min: 1, Max: 1, Doc: "The last day of the month with the time of day."},
		{Op: OraNextDay, Min: 2, Max: 2, CanRaise: true, Doc: "The next day of a name."},
		{Op: OraExtract, Min: 1, Max: 1, Doc: "A part of a moment or interval; Unit names it."},
		{Op: OraFromTZ, Min: 2, Max: 2, CanRaise: true, Doc: "A moment of a zone."},
		{Op: OraUTC, Min: 1, Max: 1, Doc: "The moment in UTC, without zone."},
		{Op: OraNewTime, Min: 3, Max: 3, CanRaise: true, Doc: "A date of another American zone."},
		{Op: OraTZOffset, Min: 1, Max: 1, Volatility: Stable, CanRaise: true, Doc: "The offset of a zone now."},
		{Op: OraSessionZone, Volatility: Stable, Doc: "The zone of the session."},
		{Op: OraAddDays, Min: 2, Max: 2, CanRaise: true, Doc: "A date so many days later, rounded to seconds; Word \"sub\" for earlier."},
		{Op: OraDaysBetween, Min: 2, Max: 2, Doc: "The first date less the second in days."},
		{Op: OraSpan, Min: 2, Max: 2, Doc: "The first moment less the second."},
		{Op: OraAddInterval, Min: 2, Max: 2, Doc: "A moment so much later; Word \"sub\" for earlier."},
		{Op: OraAddMonthsSpan, Min: 2, Max: 2, CanRaise: true, Doc: "A moment later by an interval of months, an error where the day is missing; Word \"sub\" for earlier."},
		{Op: OraUser, Volatility: Stable, Nulls: NullNever, Doc: "The user in upper case."},
		{Op: OraSysContext, Min: 2, Max: 3, Volatility: Stable, CanRaise: true, Doc: "A value of a context."},
		{Op: OraUserEnv, Min: 1, Max: 1, Volatility: Stable, CanRaise: true, Doc: "A value of the session."},
		{Op: OraSysGUID, Volatility: Volatile, Nulls: NullNever, Doc: "A new identifier of 16 bytes."},
		{Op: OraSQLCode, Volatility: Volatile, Nulls: NullNever, Doc: "The number of the error that is handled, 0 for none."},
		{Op: OraSQLErrM, Max: 1, Volatility: Volatile, Doc: "The message of an error number, or of the error that is handled."},
		{Op: OraRaise, Min: 2, Max: 3, Volatility: Volatile, CanRaise: true, Nulls: NullOwn, Doc: "Raises an error with a number and a message."},
		{Op: OraConnectPath, Min: 2, Max: 2, CanRaise: true, Doc: "The path from the root of a hierarchical query to the row."},
		{Op: OraSupplied, Max: -1, Volatility: Volatile, CanRaise: true, Nulls: NullOwn, Doc: "A routine of a supplied package, told by Name."},
	}
	for _, o := range []Op{OraListAgg, OraMedian, OraPercentileCont, OraPercentileDisc, OraRatio, OraStatsMode, OraGroupingID, OraGroupID, OraStdDev, OraVariance, OraCovarPop, OraCovarSamp, OraCorr,
		OraRegression, OraCollect, OraBits, OraBooleans, OraXMLAgg, OraWMConcat} {
		list = append(list, Info{Op: o, Max: -1, Nulls: NullOwn, CanRaise: true, Kind: AggregateFunction, Doc: "An aggregate of Oracle (SQL Language Reference, \"Aggregate Functions\")."})
	}
	return list
}
