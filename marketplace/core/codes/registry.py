"""Codes of publishing and of versions' lives."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR

TABLE: tuple[Code, ...] = (
    Code("MP3001", ERROR, _("There is no publisher @%(name)s that you may see."), _("Check the spelling.")),
    Code(
        "MP3002", ERROR, _("There is no package %(name)s that you may see."), _("Check the spelling, or search for it.")
    ),
    Code("MP3003", ERROR, _("There is no version %(number)s of %(name)s."), _("Pick one from its list of versions.")),
    Code(
        "MP3010",
        ERROR,
        _("You may not publish as @%(name)s."),
        _("Ask one of its owners for the right, or publish under a name of your own."),
    ),
    Code("MP3011", ERROR, _("You may not change %(name)s."), _("Ask one of its maintainers to do it, or to add you.")),
    Code(
        "MP3012",
        ERROR,
        _("%(name)s %(number)s exists already with other content (digest %(digest)s)."),
        _("Versions never change: raise the version number and publish again."),
    ),
    Code(
        "MP3013",
        ERROR,
        _("%(name)s is a %(before)s; this upload is a %(after)s."),
        _("Publish it under a new name, or upload the kind that the name stands for."),
    ),
    Code("MP3014", ERROR, _("This token may not touch %(name)s."), _("Use a token whose package list names it.")),
    Code("MP3015", ERROR, _("This token has no right to publish."), _("Make a token with the scope “publish”.")),
    Code("MP3016", ERROR, _("The tag “%(tag)s” cannot be used."), _("Use a word that is not a version or a range.")),
    Code("MP3017", ERROR, _("The tag “latest” cannot be removed."), _("Point it to another version instead.")),
    Code("MP3018", ERROR, _("%(name)s has no tag “%(tag)s”."), _("See its list of tags.")),
    Code(
        "MP3019",
        ERROR,
        _("@%(name)s is suspended (%(reason)s), so nothing can be published under it."),
        _("The notice that you got says why and how to appeal."),
    ),
    Code(
        "MP3020",
        ERROR,
        _("A version that is %(before)s cannot become %(after)s."),
        _("Load the page again to see the present state."),
    ),
    Code(
        "MP3021",
        ERROR,
        _("%(name)s %(number)s is older than %(hours)s hours and can no longer be unpublished."),
        _("Yank it instead: nobody new gets it, and those who have it keep it."),
    ),
    Code(
        "MP3022",
        ERROR,
        _("%(count)s packages depend on %(name)s, so it cannot be unpublished."),
        _("Yank or deprecate it instead."),
    ),
    Code("MP3023", ERROR, _("%(name)s has changed since you read it."), _("Read it again and repeat the change.")),
    Code("MP3024", ERROR, _("A package needs one maintainer at least."), _("Add another maintainer first.")),
    Code(
        "MP3025",
        ERROR,
        _("There is no user %(name)s who could maintain it."),
        _("Use the e-mail address of an account."),
    ),
    Code(
        "MP3026",
        ERROR,
        _("The version number %(number)s was used and unpublished; it is never given again."),
        _("Publish under the next number."),
    ),
    Code(
        "MP3027",
        ERROR,
        _("%(name)s is %(state)s already."),
        _("Leave the visibility out to publish to it, or change it on the package's page first."),
    ),
    Code(
        "MP3028",
        ERROR,
        _("This token has no right to manage packages."),
        _("Make a token with the scope “manage”, or sign in on the site."),
    ),
    Code("MP3029", ERROR, _("“%(name)s” does not maintain the package."), _("Load the page again.")),
    Code("MP3030", Severity.WARNING, _("The safety check could not finish; it is tried again."), ""),
    Code(
        "MP3031",
        ERROR,
        _("The safety check failed three times, so a moderator looks at the version."),
        _("You need not do anything; the page says when it is decided."),
    ),
    Code(
        "MP3032",
        Severity.INFO,
        _("The files name no usable version, so it becomes %(number)s."),
        _("Add a version to the manifest to choose the number yourself."),
    ),
    Code(
        "MP3033", ERROR, _("Errors were found in the files."), _("Mend the findings marked as errors and upload again.")
    ),
    Code(
        "MP3034",
        ERROR,
        _("The upload holds %(count)s packages."),
        _("Use the import, which publishes several at once."),
    ),
    Code(
        "MP3035",
        ERROR,
        _("The archive says %(inside)s, but the request says %(outside)s."),
        _("Make the name and version in the archive the same as in the request."),
    ),
    Code("MP3036", ERROR, _("The bytes do not match the digest that came with them."), _("Upload again.")),
    Code(
        "MP3040",
        ERROR,
        _("This address cannot be imported: %(reason)s"),
        _("Give the https address of a public git repository."),
    ),
    Code("MP3041", ERROR, _("The repository did not arrive: %(reason)s"), _("Try again, or upload an archive of it.")),
    Code("MP3042", ERROR, _("Nothing in it was selected."), _("Select one entry at least.")),
    Code("MP3043", ERROR, _("The import is %(state)s."), _("Load the page again.")),
    Code(
        "MP3044",
        ERROR,
        _("The source of this entry lies elsewhere (%(source)s) and is not fetched."),
        _("Import that repository."),
    ),
    Code("MP3045", ERROR, _("Nobody published it within %(days)s days."), _("Upload or import it again.")),
    Code(
        "MP3050",
        ERROR,
        _("%(path)s holds a private key."),
        _("Remove the key from the files and from their history, and replace it where it is used."),
    ),
    Code(
        "MP3051",
        ERROR,
        _("%(path)s is a native program."),
        _("A moderator looks at packages with programs in them; publish the source where you can."),
    ),
    Code(
        "MP3052",
        Severity.WARNING,
        _("%(path)s has an install script (%(script)s)."),
        _("Agent packages need none; npm clients ignore it by default."),
    ),
    Code("MP3063", ERROR, _("A version does not differ from itself."), _("Choose two versions.")),
    Code(
        "MP3053",
        ERROR,
        _("%(path)s:%(line)s hides text with invisible characters."),
        _("Remove the characters; they show the reader something else than the agent reads."),
    ),
    Code(
        "MP3080",
        ERROR,
        _("There is no collection “%(name)s” that you may see."),
        _("Check the address, or look through the list of collections."),
    ),
    Code(
        "MP3081",
        ERROR,
        _("You may not change the collection “%(name)s”."),
        _("Its owner can, and the administrators of an organization that owns it; moderators change the editors'."),
    ),
    Code(
        "MP3082",
        ERROR,
        _("A collection holds %(most)s packages at most."),
        _("Take one out first, or start another collection."),
    ),
    Code("MP3083", ERROR, _("You have %(most)s collections, which is the most."), _("Delete one first.")),
    Code("MP3084", ERROR, _("%(name)s is not in this collection."), _("Add it first.")),
    Code(
        "MP3090",
        ERROR,
        _("This is no picture that can be read."),
        _("Send a whole PNG, JPEG or WebP file."),
    ),
    Code(
        "MP3091",
        ERROR,
        _("The picture has too many pixels, or too few."),
        _("Send one of at most %(most)s pixels altogether, and at least %(least)s on each side."),
    ),
    Code(
        "MP3092",
        ERROR,
        _("A listing has %(most)s screenshots at most."),
        _("Remove one first."),
    ),
    Code(
        "MP3093",
        ERROR,
        _("A screenshot needs words for whoever does not see it."),
        _("Say in at most %(most)s characters what it shows."),
    ),
    Code("MP3094", ERROR, _("%(name)s has no such picture."), _("See its list of pictures.")),
)
