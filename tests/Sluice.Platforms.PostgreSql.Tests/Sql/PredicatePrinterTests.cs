using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Sql;

/// <summary>What is printed means on a server what the language says.</summary>
public sealed class PredicatePrinterTests
{
    private static readonly string[] Hard =
        ["'", "\"", "\\", "%", "_", "a", "b", "\\'", "''", "$$", "--", "/*", ";", "@p", ":p", "$1", "?", "\n", "😀", "é", "e\u0301", "\u202e", "\u0001", "E'"];

    private static readonly Gen<string> Texts = Gen.Int[0, Hard.Length - 1].Select(i => Hard[i]).Array[0, 6].Select(string.Concat);

    private static readonly Operand Value = new Operand.Column("c");

    [Fact]
    public async Task A_text_is_compared_with_itself_whatever_is_in_it()
    {
        await using var connection = await OpenAsync();
        await Gen.Select(Texts, Texts).SampleAsync(
            async (value, other) =>
            {
                (await HoldsAsync(connection, new Predicate.Comparison(ComparisonOperator.Equal, Value, new Operand.Text(value)), value)).ShouldBe(true);
                (await HoldsAsync(connection, new Predicate.In(Value, [new Operand.Text(other), new Operand.Null()]), value)).ShouldBe(value == other ? true : null);
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task Like_knows_two_signs_and_no_escape()
    {
        await using var connection = await OpenAsync();
        await Gen.Select(Texts, Texts).SampleAsync(
            async (value, pattern) =>
                (await HoldsAsync(connection, new Predicate.Like(Value, pattern), value)).ShouldBe(IsLike([.. value.EnumerateRunes()], [.. pattern.EnumerateRunes()])),
            iter: 500, threads: 1);
    }

    [Fact]
    public async Task A_share_is_of_the_digest_of_the_value()
    {
        await using var connection = await OpenAsync();
        await Gen.Select(Texts, Gen.Int[0, 100]).SampleAsync(
            async (value, percent) =>
            {
                var number = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
                (await HoldsAsync(connection, new Predicate.IsInShare(Value, percent), value)).ShouldBe((ulong)number * 100 < (ulong)percent << 32);
            },
            iter: 300, threads: 1);
        (await HoldsAsync(connection, new Predicate.IsInShare(Value, 100), null)).ShouldBeNull();
    }

    [Theory]
    [InlineData("timestamp with time zone", "now() - interval '89 days 23 hours'", true)]
    [InlineData("timestamp with time zone", "now() - interval '90 days 1 hour'", false)]
    [InlineData("timestamp(3) without time zone", "now() AT TIME ZONE 'UTC' - interval '89 days 23 hours'", true)]
    [InlineData("timestamp(3) without time zone", "now() AT TIME ZONE 'UTC' - interval '90 days 1 hour'", false)]
    [InlineData("date", "(now() AT TIME ZONE 'UTC')::date - 89", true)]
    [InlineData("date", "(now() AT TIME ZONE 'UTC')::date - 91", false)]
    public async Task An_age_is_the_same_in_every_session(string type, string value, bool isNewer)
    {
        await using var connection = await OpenAsync();
        var predicate = PredicatePrinter.Print(new Predicate.IsNewerThan(Value, TimeSpan.FromDays(90)), Object(type), out var problem);
        problem.ShouldBeNull();
        foreach (var zone in new[] { "UTC", "+167", "-167", "Asia/Kolkata" })
        {
            await using var set = new NpgsqlCommand($"SET TimeZone = '{zone}'", connection);
            await set.ExecuteNonQueryAsync();
            await using var command = new NpgsqlCommand($"SELECT {predicate} FROM (SELECT ({value})::{type} AS c) x", connection);
            (await command.ExecuteScalarAsync()).ShouldBe(isNewer, zone);
        }
    }

    [Fact]
    public async Task Functions_and_three_values_are_the_languages()
    {
        await using var connection = await OpenAsync();
        foreach (var (predicate, value, expected) in new (Predicate, string?, bool?)[]
                 {
                     (new Predicate.All([]), "x", true),
                     (new Predicate.Any([]), "x", false),
                     (new Predicate.Not(Is("x")), null, null),
                     (new Predicate.Any([Is("x"), new Predicate.Constant(true)]), null, true),
                     (new Predicate.All([Is("x"), new Predicate.Constant(false)]), null, false),
                     (new Predicate.IsNull(Value), null, true),
                     (new Predicate.Not(new Predicate.IsNull(Value)), null, false),
                     (new Predicate.Between(Length(Value), new Operand.Number(-1), new Operand.Number(2)), "ab", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, Call(ScalarFunction.Lower, Value), new Operand.Text("ab")), "AB", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, Call(ScalarFunction.Upper, new Operand.Text("ab")), Value), "AB", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, Call(ScalarFunction.Trim, Value), new Operand.Text("\ta")), " \ta  ", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, Call(ScalarFunction.Abs, new Operand.Number(-1.5m)), new Operand.Number(1.5m)), "x", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, Call(ScalarFunction.Coalesce, Value, new Operand.Text("d")), new Operand.Text("d")), null, true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Table), new Operand.Text("t'")), "x", true),
                     (new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Hostname), new Operand.Text("h")), "x", null),
                 })
        {
            (await HoldsAsync(connection, predicate, value)).ShouldBe(expected, $"{predicate}");
        }

        static Operand Length(Operand of) => Call(ScalarFunction.Length, of);
        static Operand Call(ScalarFunction function, params Operand[] arguments) => new Operand.Call(function, [.. arguments]);
        static Predicate Is(string text) => new Predicate.Comparison(ComparisonOperator.Equal, Value, new Operand.Text(text));
    }

    [Fact]
    public void What_cannot_be_said_is_false()
    {
        foreach (var predicate in new Predicate[]
                 {
                     new Predicate.IsNull(new Operand.Column("missing")),
                     new Predicate.Any([new Predicate.Constant(true), new Predicate.IsNull(new Operand.TaggedColumn("PII"))]),
                     new Predicate.IsSubscribed(SubscriptionKind.Manual),
                     new Predicate.IsNewerThan(Value, TimeSpan.FromDays(1)),
                     new Predicate.Comparison(ComparisonOperator.Equal, Value, new Operand.Text("a\0b")),
                     new Predicate.Not(new Predicate.InGroups(["\ud800"])),
                 })
        {
            PredicatePrinter.Print(predicate, Object("text"), out var problem).ShouldBe("false");
            problem.ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public void What_is_asked_about_the_person_is_asked_once_for_a_query()
    {
        PredicatePrinter.Print(
                new Predicate.All(
                [
                    new Predicate.InGroups(["A", "it's"]),
                    new Predicate.HasAttribute("n", "v"),
                    new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Username), Value),
                    new Predicate.AttributeContains("n", Value),
                ]),
                Object("date"), out _)
            .ShouldBe(
                "((CASE WHEN (SELECT sluice.in_group('A')) AND (SELECT sluice.in_group('it''s')) THEN true "
                + "WHEN (SELECT sluice.in_group('A')) IS NOT NULL AND (SELECT sluice.in_group('it''s')) IS NOT NULL THEN false END) AND (SELECT sluice.has_attribute('n', 'v')) "
                + "AND ((SELECT sluice.username()) = \"c\") "
                + "AND (CASE WHEN (sluice.text_of(\"c\") COLLATE pg_catalog.\"C\") = ANY ((SELECT sluice.attribute_values('n'))::text[]) THEN true "
                + "WHEN (sluice.text_of(\"c\") COLLATE pg_catalog.\"C\") IS NOT NULL "
                + "AND (sluice.text_of(\"c\") COLLATE pg_catalog.\"C\") <> ALL ((SELECT sluice.attribute_values_of_some('n'))::text[]) THEN false END))");
    }

    private static GovernedObject Object(string type) => new()
    {
        Path = new ObjectPath("k", "d", "s", "t'"), Kind = ObjectKind.Table, Tags = [], Columns = [new GovernedColumn("c", type, [])],
    };

    private static async Task<bool?> HoldsAsync(NpgsqlConnection connection, Predicate predicate, string? value)
    {
        var sql = PredicatePrinter.Print(predicate, Object("text"), out var problem);
        problem.ShouldBeNull();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {sql} FROM (SELECT {(value is null ? "NULL" : Quote.Literal(value))}::text AS c) x"));
        return await batch.ExecuteScalarAsync() as bool?;
    }

    private static bool IsLike(ReadOnlySpan<Rune> text, ReadOnlySpan<Rune> pattern)
    {
        if (pattern.IsEmpty) return text.IsEmpty;
        if (pattern[0].Value == '%') return IsLike(text, pattern[1..]) || (!text.IsEmpty && IsLike(text[1..], pattern));
        return !text.IsEmpty && (pattern[0].Value == '_' || pattern[0] == text[0]) && IsLike(text[1..], pattern[1..]);
    }

    private static async Task<NpgsqlConnection> OpenAsync()
    {
        var cluster = await Requires.PostgreSqlAsync();
        var connection = new NpgsqlConnection(cluster.ConnectionString());
        await connection.OpenAsync();
        return connection;
    }
}
