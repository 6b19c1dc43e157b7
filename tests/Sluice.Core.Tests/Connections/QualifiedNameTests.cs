using CsCheck;
using Sluice.Core.Connections;

namespace Sluice.Core.Tests.Connections;

/// <summary>Names with what contains them, as each dialect reads them.</summary>
public sealed class QualifiedNameTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.String[Gen.OneOf('"', '`', '.', '(', ')', ' ', ';', '-', '/', 'a', 'Z', 'é', '\'', '\\', '[', '\n', 'K'), 1, 8]);

    // https://docs.snowflake.com/en/sql-reference/identifiers-syntax and https://docs.databricks.com/sql/language-manual/sql-ref-identifiers
    [Theory]
    [InlineData("Snowflake", "gov.Masks.shorten_1", "GOV|MASKS|SHORTEN_1")]
    [InlineData("Snowflake", "\"gov\".MASKS", "gov|MASKS")]
    [InlineData("Snowflake", "\"a.b\".\"c\"\"d\".\"e f(\"", "a.b|c\"d|e f(")]
    [InlineData("Snowflake", "F", "F")]
    [InlineData("Databricks", "Gov.Masks.Shorten", "gov|masks|shorten")]
    [InlineData("Databricks", "`Gov`.`Ma``sks`", "gov|ma`sks")]
    [InlineData("PostgreSQL", "Masks.\"Odd\"", "masks|Odd")]
    public void Plain_names_are_folded_and_quoted_ones_unquoted(string technology, string spelled, string names) =>
        string.Join('|', Parsed(technology, spelled).Names).ShouldBe(names);

    [Theory]
    [InlineData("Snowflake", "")]
    [InlineData("Snowflake", ".")]
    [InlineData("Snowflake", "a.")]
    [InlineData("Snowflake", ".a")]
    [InlineData("Snowflake", "a..b")]
    [InlineData("Snowflake", "a b")]
    [InlineData("Snowflake", "1a")]
    [InlineData("Snowflake", "a.b.c.d")]
    [InlineData("Snowflake", "\"\"")]
    [InlineData("Snowflake", "\"a")]
    [InlineData("Snowflake", "\"a\"b")]
    [InlineData("Snowflake", "\"a\"\"")]
    [InlineData("Snowflake", "a\"b\"")]
    [InlineData("Snowflake", "`a`")]
    [InlineData("Snowflake", "a--b")]
    [InlineData("Snowflake", "f(x)")]
    [InlineData("Snowflake", "é")]
    [InlineData("Snowflake", "\"a\nb\"")]
    [InlineData("Databricks", "\"a\"")]
    [InlineData("Databricks", "`a.b`")]
    [InlineData("Databricks", "`a b`")]
    [InlineData("Databricks", "`a/b`")]
    public void What_is_no_name_is_refused(string technology, string spelled)
    {
        QualifiedName.Parse(new Technology(technology), spelled, out var problem).ShouldBeNull();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Whatever_is_quoted_reads_back_as_it_is_and_never_as_more_names() => Text.Array[1, 3].Sample(names =>
    {
        var spelled = string.Join('.', names.Select(static n => $"\"{n.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        var read = QualifiedName.Parse(Technology.Snowflake, spelled, out _);
        if (names.Any(static n => n.Contains('\n'))) read.ShouldBeNull();
        else read!.Names.ShouldBe(names);
    }, iter: 5_000);

    [Fact]
    public void Whatever_is_read_holds_as_many_names_as_dots_outside_quotes_say() => Text.Array[1, 4].Sample(parts =>
    {
        var spelled = string.Join('.', parts);
        foreach (var technology in Technology.All)
        {
            if (QualifiedName.Parse(technology, spelled, out var problem) is not { } read) problem.ShouldNotBeNull();
            else read.Names.Count.ShouldBeInRange(1, QualifiedName.MaxNames);
        }
    }, iter: 5_000);

    [Fact]
    public void A_letter_beyond_ascii_is_never_taken_for_another() =>
        // The Kelvin sign is a k to some.
        Parsed("Databricks", "`\u212A`.m").ShouldNotBe(Parsed("Databricks", "k.m"));

    [Fact]
    public void A_function_is_in_its_schema_and_in_no_other()
    {
        var function = Parsed("Snowflake", "gov.\"Masks\".f");

        function.IsIn(Parsed("Snowflake", "GOV.\"Masks\"")).ShouldBeTrue();
        function.IsIn(Parsed("Snowflake", "GOV.Masks")).ShouldBeFalse();
        function.IsIn(Parsed("Snowflake", "\"gov\".\"Masks\"")).ShouldBeFalse();
        function.IsIn(Parsed("Snowflake", "GOV")).ShouldBeFalse();
        Parsed("Snowflake", "\"GOV.Masks\".F").IsIn(Parsed("Snowflake", "GOV.\"Masks\"")).ShouldBeFalse();
    }

    private static QualifiedName Parsed(string technology, string spelled) => QualifiedName.Parse(new Technology(technology), spelled, out var problem) ?? throw new InvalidOperationException(problem);
}
