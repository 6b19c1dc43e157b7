using Sluice.Engine.Callers;

namespace Sluice.Engine.People;

/// <summary>Who may see and keep people (api.md, "Governance API").</summary>
internal static class PeopleAccess
{
    public static void RequireReading(this Caller caller) => caller.Require(Permission.UserAdmin, Permission.Governance, Permission.Audit);

    public static void RequireKeeping(this Caller caller) => caller.Require(Permission.UserAdmin);
}
