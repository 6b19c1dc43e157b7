using Sluice.Core.Connections;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;

namespace Sluice.Platforms.Tests.Compiling;

/// <summary>Which of the operator's functions may be called.</summary>
public sealed class MaskFunctionsTests
{
    [Theory]
    [InlineData("Snowflake", "GOV.MASKS", "gov.masks.f", "GOV|MASKS|F")]
    [InlineData("Snowflake", "gov.masks", "GOV.\"MASKS\".\"f\"", "GOV|MASKS|f")]
    [InlineData("Snowflake", "\"g.v\".\"m\"", "\"g.v\".\"m\".f", "g.v|m|F")]
    [InlineData("Databricks", "Gov.Masks", "gov.`MASKS`.F", "gov|masks|f")]
    public void One_in_a_listed_schema_is_called_however_it_is_spelled(string technology, string schema, string function, string names) =>
        string.Join('|', Of(technology, schema, function, out var problem)!.Names).ShouldBe(names, problem);

    [Theory]
    [InlineData("Snowflake", "GOV.MASKS", "GOV.OTHER.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "GOV.MASKS", "\"gov\".MASKS.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "GOV.MASKS", "\"GOV.MASKS\".X.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "GOV.\"MASKS.X\"", "GOV.MASKS.X", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "GOV", "GOV.MASKS.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "GOV.MASKS.F", "GOV.MASKS.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "not a name", "GOV.MASKS.F", "settings.maskFunctionSchemas")]
    [InlineData("Snowflake", "OWN.FUNCTIONS", "OWN.FUNCTIONS.SALT", "Sluice's own")]
    [InlineData("Databricks", "own.functions", "OWN.functions.f", "Sluice's own")]
    [InlineData("Databricks", "gov.masks", "masks.f", "not named with its catalog and schema")]
    [InlineData("Snowflake", "GOV.MASKS", "MASKS.F", "not named with its database and schema")]
    [InlineData("Snowflake", "GOV.MASKS", "F", "not named with its database and schema")]
    public void Any_other_is_not_and_it_is_told_why(string technology, string schema, string function, string told)
    {
        Of(technology, schema, function, out var problem).ShouldBeNull();
        problem!.ShouldContain(told);
    }

    [Fact]
    public void A_mask_without_a_function_for_the_platform_calls_none()
    {
        new MaskFunctions(Technology.Databricks, ["gov.masks"], "own").Of(new MaskFunction.Custom([new("Snowflake", "GOV.MASKS.F")], 0), out var problem).ShouldBeNull();
        problem.ShouldBe("it names no function for Databricks; name one under functions.Databricks");
    }

    private static QualifiedName? Of(string technology, string schema, string function, out string? problem) =>
        new MaskFunctions(new Technology(technology), [schema], technology == "Snowflake" ? "OWN" : "own").Of(new MaskFunction.Custom([new(technology, function)], 0), out problem);
}
