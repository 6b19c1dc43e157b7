namespace Sluice.Server.Scim;

/// <summary>Marks an endpoint that SCIM tokens open, and nothing else. They open no other.</summary>
internal sealed class ScimAccess
{
    public static readonly ScimAccess Instance = new();

    private ScimAccess() { }
}
