using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Naive;

/// <summary>What masks make of values.</summary>
public sealed class MaskValueTests
{
    [Fact]
    public void A_hash_is_sha256_over_salt_and_canonical_text_in_lower_case_hexadecimal()
    {
        // printf 'salté' | sha256sum; printf 'salt-7' | sha256sum
        Masked(new MaskFunction.Hash(), ColumnKind.Text, "é").ShouldBe("39c03ef9dea665591b8340cca4a2792a25587a02afea1999fb641c268840ae2b");
        Masked(new MaskFunction.Hash(), ColumnKind.Integer, -7L).ShouldBe("03481f41786f493bd74b33974ff30486eab518551e21f2459850785e88dfd763");
        Masked(new MaskFunction.Hash(), ColumnKind.Text, null).ShouldBeNull();
    }

    [Fact]
    public void A_constant_has_the_columns_type_and_stands_for_null_too()
    {
        Masked(new MaskFunction.Constant("x"), ColumnKind.Text, null).ShouldBe("x");
        Masked(new MaskFunction.Constant("-1"), ColumnKind.Integer, 5L).ShouldBe(-1L);
        Masked(new MaskFunction.Constant("2000-01-01"), ColumnKind.Date, null).ShouldBe(new DateOnly(2000, 1, 1));
        Masked(new MaskFunction.Constant("x"), ColumnKind.Integer, 5L).ShouldBeNull();
    }

    [Theory]
    [InlineData(true, "##-x")]
    [InlineData(false, "#2-x")]
    public void What_matches_is_replaced_once_or_everywhere(bool isGlobal, string expected) =>
        Masked(new MaskFunction.Regex("[0-9]", "#", IgnoresCase: false, isGlobal), ColumnKind.Text, "12-x").ShouldBe(expected);

    [Fact]
    public void A_replacement_names_groups_by_number() =>
        Masked(new MaskFunction.Regex("(a)(b)?", @"<\2\1\\1>", IgnoresCase: true, IsGlobal: true), ColumnKind.Text, "xabA").ShouldBe(@"x<ba\1><A\1>");

    [Fact]
    public void A_dollar_in_a_replacement_is_only_text() =>
        Masked(new MaskFunction.Regex("(a)B", "$1", IgnoresCase: true, IsGlobal: true), ColumnKind.Text, "xabAB").ShouldBe("x$1$1");

    [Theory]
    [InlineData("17", "10", "10")]
    [InlineData("-1", "10", "-10")]
    [InlineData("-10", "10", "-10")]
    [InlineData("0.7", "0.5", "0.5")]
    [InlineData("-0.1", "0.5", "-0.5")]
    [InlineData("99999999999.25", "1000", "99999999000")]
    public void A_number_goes_down_to_a_multiple(string value, string bucket, string expected)
    {
        static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Masked(new MaskFunction.RoundNumber(Number(bucket)), ColumnKind.Numeric, Number(value)).ShouldBe(Number(expected));
    }

    [Fact]
    public void An_integer_stays_an_integer() => Masked(new MaskFunction.RoundNumber(10), ColumnKind.Integer, -7L).ShouldBe(-10L);

    [Theory]
    [InlineData(TimePrecision.Day, "2026-06-15")]
    [InlineData(TimePrecision.Month, "2026-06-01")]
    [InlineData(TimePrecision.Quarter, "2026-04-01")]
    [InlineData(TimePrecision.Year, "2026-01-01")]
    public void A_date_goes_down_to_the_beginning_of_its_unit(TimePrecision precision, string expected) =>
        Masked(new MaskFunction.RoundTime(precision), ColumnKind.Date, new DateOnly(2026, 6, 15))
            .ShouldBe(DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_time_goes_down_to_its_minute() =>
        Masked(new MaskFunction.RoundTime(TimePrecision.Minute), ColumnKind.Timestamp, new DateTime(2026, 6, 15, 12, 34, 56, DateTimeKind.Utc))
            .ShouldBe(new DateTime(2026, 6, 15, 12, 34, 0, DateTimeKind.Utc));

    private static object? Masked(MaskFunction function, ColumnKind kind, object? value) => MaskValues.Apply(function, kind, value, "salt");
}
