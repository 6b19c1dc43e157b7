using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing;
using System.Text;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Whatever schemas, tables, columns, logins, groups, attributes and values are called, they are names and values, and nothing else.</summary>
public sealed class OddNamesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly int Iterations = Seeds.IsLong ? 300 : 6;

    // Room is left for what the test itself and the prefix of views put before it, or after.
    private static readonly Gen<string> Names = QuoteTests.Texts.Where(t => Encoding.UTF8.GetByteCount(t) <= 40);

    private static readonly Gen<Odd> All = Gen.Select(Names.Array[5], QuoteTests.Texts.Array[5], (names, texts) => new Odd(names, texts));

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Names_and_values_of_any_spelling_are_enforced_as_they_are(string standardConformingStrings)
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "SELECT 1");
        await database.AsSuperuserAsync($"ALTER DATABASE {database.Name} SET standard_conforming_strings = {standardConformingStrings}");
        await All.SampleAsync(odd => ReadAsync(database, odd), iter: Iterations, threads: 1);
    }

    private static async Task ReadAsync(EnforcedDatabase database, Odd odd)
    {
        var (ann, bob) = (await database.PersonAsync($"a{odd.Login}", [odd.Group, "Readers"], [(odd.Attribute, odd.Value)]), await database.PersonAsync($"b{odd.Login}", [odd.Group, "Readers"]));
        var (schema, table) = (Named($"s{odd.Schema}"), Named($"t{odd.Table}"));
        await database.AsSuperuserAsync(
            $"SET ROLE {database.Owner}; CREATE SCHEMA {schema}; CREATE TABLE {schema}.{table} ({Named(odd.Key)} text, {Named(odd.Secret)} text)");
        await database.AsSuperuserAsync($"GRANT USAGE ON SCHEMA {schema} TO {database.Account} WITH GRANT OPTION");
        await database.InsertAsync($"INSERT INTO {schema}.{table} VALUES ($1, $2), ('another', 'other')", odd.Value, odd.Constant + "!");
        var item = database.Table($"t{odd.Table}", People.Rule("Readers"), [], $"s{odd.Schema}");
        item = item with { Object = item.Object with { Columns = [new(odd.Key, "text", [], ColumnFamily.Text), new(odd.Secret, "text", [], ColumnFamily.Text)] } };
        var key = new Operand.Column(odd.Key);
        var isOwn = new Predicate.All(
            [new Predicate.Comparison(ComparisonOperator.Equal, key, new Operand.Text(odd.Value)), new Predicate.AttributeContains(odd.Attribute, key), new Predicate.InGroups([odd.Group])]);
        var isOther = new Predicate.Not(new Predicate.HasAttribute(odd.Attribute, odd.Value));
        item = RowRuleTests.Filtered(item, new RowRule(new Predicate.Any([isOwn, isOther]), AccessRule.Nobody, "rows"));
        item = MaskedViewTests.Masked(item, odd.Secret, new MaskFunction.Constant(odd.Constant), People.Rule("Nobody is in it"));

        await database.EnforceAsync(MaskedViewTests.Views(database, item));

        var view = MaskedViewTests.View(database, $"t{odd.Table}", $"s{odd.Schema}");
        (await database.ReadAsync(ann, $"SELECT {Named(odd.Key)} FROM {schema}.{table}")).ShouldBe(odd.Value);
        (await database.ReadAsync(bob, $"SELECT count(*) FROM {schema}.{table}")).ShouldBe("2");
        (await database.ReadAsync(ann, $"SELECT {Named(odd.Secret)} FROM {view}")).ShouldBe(odd.Constant);
        await database.RefusesAsync(ann, $"SELECT {Named(odd.Secret)} FROM {schema}.{table}");
        await database.EnforceAsync(database.Intent());
        await database.AsSuperuserAsync($"DROP SCHEMA {schema} CASCADE");
        database.Forget(ann);
        database.Forget(bob);
        await database.AsSuperuserAsync($"DROP ROLE {Named(ann)}, {Named(bob)}");
    }

    // Not by the code that is tested.
    private static string Named(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private sealed record Odd(string[] Names, string[] Texts)
    {
        public string Schema => Names[0];
        public string Table => Names[1];
        public string Key => $"{Names[2]}1";
        public string Secret => $"{Names[3]}2";
        public string Login => Names[4];
        public string Group => $"g{Texts[0]}";
        public string Attribute => $"a{Texts[1]}";
        public string Value => $"v{Texts[2]}";
        public string Constant => Texts[3];

        public override string ToString() => string.Join(" | ", Names.Concat(Texts).Select(t => string.Join(' ', t.Select(c => $"{(int)c:x}"))));
    }
}
