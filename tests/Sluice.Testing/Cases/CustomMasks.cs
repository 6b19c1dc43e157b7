using Sluice.Core.Connections;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>The custom masks of a world as functions that a platform has.</summary>
public static class CustomMasks
{
    /// <summary>The world with the names of two functions of a technology in the place of those that the generator gives.</summary>
    public static World In(World world, Technology technology, string mask, string blur)
    {
        return world with { Policies = world.Policies.Select(Named).ToValueList() };

        Policy Named(Policy policy) => policy is DataPolicy data ? data with { Rules = data.Rules.Select(OfRule).ToValueList() } : policy;

        DataRule OfRule(DataRule rule) => rule is DataRule.Masking { Function: MaskFunction.Custom custom } masking ? masking with { Function = custom with { Functions = custom.Functions.Select(OfFunction).ToValueList() } } : rule;

        KeyValuePair<string, string> OfFunction(KeyValuePair<string, string> function) =>
            (function.Key == technology.Name, function.Value) switch
        {
            (true, "tools.mask") => new(function.Key, mask),
            (true, "tools.blur") => new(function.Key, blur),
            _ => function,
        };
    }
}
