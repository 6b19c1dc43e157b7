using Sluice.Core.Connections;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>
/// Puts functions of the operator's in the place of some masks of a case, so that a case with them is otherwise the case without. What the functions make of values the test knows that
/// makes them.
/// </summary>
public static class CustomMasks
{
    /// <summary>The case with custom masks.</summary>
    /// <param name="world">The case.</param>
    /// <param name="technology">The platform that has the functions.</param>
    /// <param name="milder">The name of a function of rank 1.</param>
    /// <param name="stricter">The name of one of rank 2.</param>
    public static World In(World world, Technology technology, string milder, string stricter)
    {
        return world with { Policies = world.Policies.Select(OfPolicy).ToValueList() };

        Policy OfPolicy(Policy policy) => policy is DataPolicy data ? data with { Rules = data.Rules.Select(OfRule).ToValueList() } : policy;

        DataRule OfRule(DataRule rule) => rule is DataRule.Masking masking ? masking with { Function = Of(masking.Function) } : rule;

        MaskFunction Of(MaskFunction function) => function switch
        {
            MaskFunction.Regex { IsGlobal: true } or MaskFunction.RoundNumber { BucketSize: 1000 } => Custom(milder, 1),
            MaskFunction.Regex { Replacement: "x" } or MaskFunction.Constant { Value: "-1" } => Custom(stricter, 2),
            MaskFunction.RoundTime { Precision: TimePrecision.Quarter } => new MaskFunction.Custom([new(technology == Technology.Snowflake ? Technology.Databricks.Name : Technology.Snowflake.Name, "a.b.c")], 3),
            _ => function,
        };

        MaskFunction.Custom Custom(string name, int rank) => new([new(technology.Name, name)], rank);
    }
}
