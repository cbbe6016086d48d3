"""Hosts at which people, not organisations, have their mailboxes. Data only.

An address at one of these is somebody's own, however many digits it holds.
"""

from typing import Final

_NAMES: Final = """
    gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de
    outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com yahoo.com yahoo.de
    ymail.com aol.com aol.de icloud.com me.com mac.com posteo.de posteo.net mailbox.org proton.me
    protonmail.com pm.me tutanota.com tutanota.de tuta.io arcor.de kabelmail.de vodafone.de
    online.de email.de mail.de 1und1.de ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl
    live.nl hotmail.nl sapo.pt iol.pt clix.pt netcabo.pt inbox.lt gmail.lt takas.lt one.lt
"""
MAIL_HOSTS: Final = frozenset(_NAMES.split())
