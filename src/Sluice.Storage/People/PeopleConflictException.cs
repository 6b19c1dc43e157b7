namespace Sluice.Storage.People;

/// <summary>What stands in the way of a change of people.</summary>
public enum PeopleConflict
{
    /// <summary>The person or group is not there.</summary>
    NotFound,

    /// <summary>Somebody else has changed it since it was read.</summary>
    RevisionChanged,

    /// <summary>The username is another's.</summary>
    UsernameTaken,

    /// <summary>The source has another group of the name.</summary>
    GroupNameTaken,

    /// <summary>A group would be in itself.</summary>
    Cycle,

    /// <summary>The platform identity is another person's, and not shared by both.</summary>
    IdentityTaken,

    /// <summary>It would change what those behind the request are entitled to.</summary>
    Own,
}

/// <summary>A change of people that can't be: nothing was written.</summary>
public sealed class PeopleConflictException(PeopleConflict conflict, string message) : Exception(message)
{
    /// <summary>Which.</summary>
    public PeopleConflict Conflict => conflict;
}
