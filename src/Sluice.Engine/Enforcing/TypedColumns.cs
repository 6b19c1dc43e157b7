using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Platforms;

namespace Sluice.Engine.Enforcing;

/// <summary>Has a platform say what kind of values each column holds.</summary>
internal static class TypedColumns
{
    /// <summary>The same object, its columns told apart by their kinds of values.</summary>
    public static GovernedObject Typed(this GovernedObject governed, IPlatform platform) => platform is ICompilesAccess enforced
        ? governed with { Columns = governed.Columns.Select(c => c with { Family = enforced.FamilyOf(c.Type) }).ToValueList() }
        : governed;
}
