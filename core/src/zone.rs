//! Days and hours in a time zone: `mon-thu 09:00-16:00` in `Asia/Jakarta` (spec/04-conditions.md, 4.5). Knows no clock and
//! reads no disk: the rule that is in force in each zone stands in `zone.txt`, made from the tz database 2025b. That is
//! 16 KB of text, 4.5 KB gzipped. The files of the same zones with their history are 460 KB, 115 KB gzipped, and a decision
//! is about now, not about 1970.

use jiff::tz::TimeZone;

/// Zone and rule on each line, sorted by zone. The rule is what POSIX writes into `TZ`, as the footer of a TZif file has it.
const ZONES: &str = include_str!("zone.txt");

/// A time zone with the rule that is in force in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zone {
    name: &'static str,
    rule: &'static str,
}

impl Zone {
    /// The zone of that name, such as `Asia/Jakarta`.
    pub fn named(name: &str) -> Option<Zone> {
        let (name, rule) = rows().find(|(known, _)| *known == name)?;
        Some(Zone { name, rule })
    }

    /// All names, for the nearest.
    pub fn names() -> impl Iterator<Item = &'static str> {
        rows().map(|(name, _)| name)
    }

    /// The zone that is named after a city.
    pub fn of_city(city: &str) -> Option<&'static str> {
        Zone::names().find(|name| name.rsplit('/').next() == Some(city))
    }

    /// The day of the week, Monday being 0, and the minute of the day, of an instant in nanoseconds since 1970; `None`
    /// beyond the years that calendars have.
    fn local(&self, nanos: i128) -> Option<(usize, u16)> {
        let instant = jiff::Timestamp::from_nanosecond(nanos).ok()?;
        let local = TimeZone::posix(self.rule).ok()?.to_datetime(instant);
        let day = local.weekday().to_monday_zero_offset();
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        Some((usize::try_from(day).ok()?, u16::try_from(minute).ok()?))
    }
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    ZONES.lines().filter_map(|line| line.split_once(' '))
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours of some days of the week in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    days: [bool; 7],
    /// The first minute of the day.
    from: u16,
    /// The minute after the last one.
    to: u16,
    /// As it was written.
    text: Box<str>,
    zone: Zone,
}

impl Hours {
    /// `mon-thu,sat 09:00-16:00`: days and spans of days, and the hours of each, the first being before the second.
    pub fn parse(text: &str, zone: Zone) -> Option<Hours> {
        let (days, hours) = text.split_once(' ')?;
        let mut listed = [false; 7];
        for part in days.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first)?, day(last)?);
            // From Friday to Monday goes over the end of the week.
            let count = (last + 7 - first) % 7;
            (0..=count).for_each(|more| listed[(first + more) % 7] = true);
        }
        let (from, to) = hours.split_once('-')?;
        let (from, to) = (minute(from)?, minute(to)?);
        (from < to).then(|| Hours {
            days: listed,
            from,
            to,
            text: text.into(),
            zone,
        })
    }

    /// Whether an instant in nanoseconds since 1970 lies within them.
    pub fn hold(&self, nanos: i128) -> Option<bool> {
        let (day, minute) = self.zone.local(nanos)?;
        Some(self.days[day] && self.from <= minute && minute < self.to)
    }

    /// The first instant after this one at which they begin or end.
    pub fn next_change(&self, nanos: i128) -> Option<i128> {
        let held = self.hold(nanos)?;
        let zone = TimeZone::posix(self.zone.rule).ok()?;
        let instant = jiff::Timestamp::from_nanosecond(nanos).ok()?;
        let mut day = zone.to_datetime(instant).date();
        // Within a week and a day every weekday begins once more.
        for _ in 0..=8 {
            for minute in [self.from, self.to] {
                let midnight = day.to_datetime(jiff::civil::Time::midnight());
                let local = midnight
                    .checked_add(jiff::Span::new().minutes(i64::from(minute)))
                    .ok()?;
                let change = zone.to_timestamp(local).ok()?.as_nanosecond();
                if nanos < change && self.hold(change)? != held {
                    return Some(change);
                }
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The days and hours, and the zone, as they were written.
    pub fn texts(&self) -> [&str; 2] {
        [&self.text, self.zone.name]
    }
}

fn day(name: &str) -> Option<usize> {
    DAYS.iter().position(|known| *known == name)
}

/// `09:00` to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
    let all = two(hour)? * 60 + two(minute).filter(|minute| *minute < 60)?;
    (all <= 24 * 60).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hours: &str, zone: &str, instant: &str, held: bool) {
        let hours =
            Hours::parse(hours, Zone::named(zone).expect("there is the zone")).expect("they are hours");
        let instant: jiff::Timestamp = instant.parse().expect("it is an instant");
        assert_eq!(
            hours.hold(instant.as_nanosecond()),
            Some(held),
            "{hours:?} {instant}"
        );
    }

    #[test]
    fn hours_begin_and_end_in_the_zone() {
        // 2026-11-19 is a Thursday; Jakarta is seven hours ahead.
        check(
            "mon-thu 09:00-16:00",
            "Asia/Jakarta",
            "2026-11-19T02:00:00Z",
            true,
        );
        check(
            "mon-thu 09:00-16:00",
            "Asia/Jakarta",
            "2026-11-19T01:59:59.999Z",
            false,
        );
        check(
            "mon-thu 09:00-16:00",
            "Asia/Jakarta",
            "2026-11-19T08:59:59Z",
            true,
        );
        check(
            "mon-thu 09:00-16:00",
            "Asia/Jakarta",
            "2026-11-19T09:00:00Z",
            false,
        );
        check(
            "mon-thu 09:00-16:00",
            "Asia/Jakarta",
            "2026-11-20T03:00:00Z",
            false,
        );
        check("fri-mon 00:00-24:00", "UTC", "2026-11-22T23:59:59Z", true);
        check("fri-mon 00:00-24:00", "UTC", "2026-11-24T00:00:00Z", false);
        check("sat,wed 00:00-24:00", "UTC", "2026-11-25T00:00:00Z", true);
    }

    #[test]
    fn summer_time_moves_them() {
        check(
            "mon-fri 09:00-17:00",
            "Europe/Berlin",
            "2026-07-01T07:00:00Z",
            true,
        );
        check(
            "mon-fri 09:00-17:00",
            "Europe/Berlin",
            "2026-12-01T07:00:00Z",
            false,
        );
        check(
            "mon-fri 09:00-17:00",
            "Europe/Berlin",
            "2026-12-01T08:00:00Z",
            true,
        );
        check(
            "sun 03:00-04:00",
            "America/New_York",
            "2026-03-08T07:30:00Z",
            true,
        );
        check(
            "sun 03:00-04:00",
            "Australia/Sydney",
            "2026-01-03T16:30:00Z",
            true,
        );
    }

    #[test]
    fn they_change_where_they_begin_and_end() {
        let next = |hours: &str, zone: &str, instant: &str| {
            let hours =
                Hours::parse(hours, Zone::named(zone).expect("there is the zone")).expect("they are hours");
            let instant: jiff::Timestamp = instant.parse().expect("it is an instant");
            let next = hours.next_change(instant.as_nanosecond());
            next.map(|next| {
                jiff::Timestamp::from_nanosecond(next)
                    .expect("it is one")
                    .to_string()
            })
        };
        let jakarta = |instant: &str| next("mon-thu 09:00-16:00", "Asia/Jakarta", instant);
        assert_eq!(
            jakarta("2026-11-19T03:00:00Z").as_deref(),
            Some("2026-11-19T09:00:00Z")
        );
        assert_eq!(
            jakarta("2026-11-19T09:00:00Z").as_deref(),
            Some("2026-11-23T02:00:00Z")
        );
        assert_eq!(next("mon-sun 00:00-24:00", "UTC", "2026-11-19T03:00:00Z"), None);
        assert_eq!(
            next("mon-fri 00:00-24:00", "UTC", "2026-11-19T03:00:00Z").as_deref(),
            Some("2026-11-21T00:00:00Z")
        );
        // Summer time begins on the Sunday between.
        assert_eq!(
            next("mon 09:00-10:00", "Europe/Berlin", "2026-03-28T12:00:00Z").as_deref(),
            Some("2026-03-30T07:00:00Z")
        );
    }

    #[test]
    fn what_is_no_hours() {
        let utc = || Zone::named("UTC").expect("there is UTC");
        for text in [
            "",
            "mon",
            "mon 9:00-16:00",
            "mon 16:00-09:00",
            "mon 09:00-09:00",
            "mo 09:00-16:00",
            "mon 09:00-24:01",
            "mon  09:00-16:00",
            "mon 09:60-16:00",
        ] {
            assert_eq!(Hours::parse(text, utc()), None, "{text}");
        }
    }

    #[test]
    fn every_zone_has_a_rule_and_they_are_sorted() {
        let names: Vec<&str> = Zone::names().collect();
        assert!(names.is_sorted() && 500 < names.len());
        for (name, rule) in rows() {
            assert!(TimeZone::posix(rule).is_ok(), "{name}: {rule}");
        }
    }
}
